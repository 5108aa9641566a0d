/* <stdio.h> comes first because jpeglib.h needs FILE and does not include it. */
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/image_codecs.h"

enum { MAX_SCANS = 500 };

/* Everything that must survive libjpeg's longjmp lives here, in the caller's frame. */
typedef struct {
  struct jpeg_error_mgr errors; /* first: libjpeg knows it as its error manager */
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  struct jpeg_decompress_struct decoder;
  struct jpeg_compress_struct encoder;
  JSAMPLE *row;
  unsigned char *out;
  unsigned long out_size;
  Image *image;
  GError *fault; /* from our own calls */
  char cause[JMSG_LENGTH_MAX];
} Job;

static void fail(Job *job, const char *cause) {
  g_strlcpy(job->cause, cause, sizeof job->cause);
  longjmp(job->escape, 1);
}

static void on_error(j_common_ptr codec) {
  Job *job = (Job *)codec->err;
  codec->err->format_message(codec, job->cause);
  longjmp(job->escape, 1);
}

/* libjpeg fills what is missing from a cut or damaged file with grey and goes on: a stimulus must not. */
static void on_message(j_common_ptr codec, int level) {
  if (level < 0)
    on_error(codec);
}

/* A few bytes per scan keep a progressive decoder busy for hours. */
static void on_progress(j_common_ptr codec) {
  if (codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > MAX_SCANS)
    fail((Job *)codec->err, "it has too many scans");
}

static void prepare(Job *job) {
  jpeg_std_error(&job->errors);
  job->errors.error_exit = on_error;
  job->errors.emit_message = on_message;
}

/* Adobe's CMYK and YCCK files are stored inverted. */
static void convert_cmyk_row(const Job *job, float *pixel) {
  bool inverted = job->decoder.saw_Adobe_marker != 0;
  for (int x = 0; x < job->image->width; x++) {
    const JSAMPLE *sample = job->row + 4 * x;
    int key = inverted ? sample[3] : 255 - sample[3];
    for (int c = 0; c < 3; c++)
      *pixel++ = (float)((inverted ? sample[c] : 255 - sample[c]) * key) / 255;
  }
}

static bool decode(Job *job, const void *data, gsize size) {
  if (setjmp(job->escape))
    return false;
  j_decompress_ptr decoder = &job->decoder;
  jpeg_create_decompress(decoder);
  job->progress.progress_monitor = on_progress;
  decoder->progress = &job->progress;
  jpeg_mem_src(decoder, data, size);
  jpeg_read_header(decoder, TRUE);
  if (decoder->image_width > IMAGE_MAX_SIDE || decoder->image_height > IMAGE_MAX_SIDE) {
    g_autofree char *cause = g_strdup_printf("it has %u x %u pixels; sides are at most %d", decoder->image_width,
                                             decoder->image_height, IMAGE_MAX_SIDE);
    g_strlcpy(job->cause, cause, sizeof job->cause);
    return false;
  }
  bool cmyk = decoder->jpeg_color_space == JCS_CMYK || decoder->jpeg_color_space == JCS_YCCK;
  decoder->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  decoder->dct_method = JDCT_ISLOW;
  jpeg_start_decompress(decoder);
  job->image = image_new((int)decoder->output_width, (int)decoder->output_height, &job->fault);
  job->row = g_try_malloc((gsize)decoder->output_width * (gsize)decoder->output_components);
  if (job->image == NULL || job->row == NULL)
    fail(job, "no memory for it");
  gsize n = (gsize)job->image->width * 3;
  while (decoder->output_scanline < decoder->output_height) {
    float *pixel = job->image->pixels + decoder->output_scanline * n;
    jpeg_read_scanlines(decoder, &job->row, 1);
    if (cmyk)
      convert_cmyk_row(job, pixel);
    else
      for (gsize i = 0; i < n; i++)
        pixel[i] = (float)job->row[i];
  }
  jpeg_finish_decompress(decoder);
  return true;
}

bool image_jpeg_decode(const char *name, const void *data, gsize size, Image **image, GError **error) {
  g_autofree Job *job = g_new0(Job, 1);
  prepare(job);
  job->decoder.err = &job->errors;
  bool done = decode(job, data, size);
  jpeg_destroy_decompress(&job->decoder);
  g_free(job->row);
  if (done) {
    *image = job->image;
    return true;
  }
  image_free(job->image);
  int code = job->fault != NULL ? job->fault->code : RIG_ERROR_INPUT;
  g_clear_error(&job->fault);
  g_set_error(error, RIG_ERROR, code, "%s: cannot read the JPEG: %s", name, job->cause);
  return false;
}

static bool encode(Job *job, const Image *image, int quality) {
  if (setjmp(job->escape))
    return false;
  j_compress_ptr encoder = &job->encoder;
  jpeg_create_compress(encoder);
  jpeg_mem_dest(encoder, &job->out, &job->out_size);
  encoder->image_width = (JDIMENSION)image->width;
  encoder->image_height = (JDIMENSION)image->height;
  encoder->input_components = 3;
  encoder->in_color_space = JCS_RGB;
  jpeg_set_defaults(encoder); /* YCbCr 4:2:0, fixed Huffman tables, JFIF */
  encoder->dct_method = JDCT_ISLOW;
  jpeg_set_quality(encoder, quality, TRUE);
  jpeg_start_compress(encoder, TRUE);
  gsize n = (gsize)image->width * 3;
  job->row = g_try_malloc(n);
  if (job->row == NULL)
    fail(job, "no memory for it");
  while (encoder->next_scanline < encoder->image_height) {
    const float *pixel = image->pixels + encoder->next_scanline * n;
    for (gsize i = 0; i < n; i++)
      job->row[i] = pixel[i] >= 255 ? 255 : pixel[i] > 0 ? (JSAMPLE)pixel[i] : 0;
    jpeg_write_scanlines(encoder, &job->row, 1);
  }
  jpeg_finish_compress(encoder);
  return true;
}

bool image_jpeg_bytes(const Image *image, int quality, gsize *bytes, GError **error) {
  g_assert(quality >= 1 && quality <= 100);
  g_autofree Job *job = g_new0(Job, 1);
  prepare(job);
  job->encoder.err = &job->errors;
  bool done = encode(job, image, quality);
  jpeg_destroy_compress(&job->encoder);
  if (done)
    *bytes = job->out_size;
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "cannot compress the image as JPEG: %s", job->cause);
  free(job->out);
  g_free(job->row);
  return done;
}
