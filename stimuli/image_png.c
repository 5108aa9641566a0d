#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/image_codecs.h"

enum { GREY = 128, MAX_CHUNK_BYTES = 8 << 20, MAX_DEFLATE_RATIO = 1032 };

/* Everything that must survive libpng's longjmp lives here, in the caller's frame. */
typedef struct {
  const char *name;
  const guint8 *next; /* the file's unread bytes */
  gsize left;
  GByteArray *out;
  png_structp png;
  png_infop info;
  guint8 *bytes;   /* the decoded samples: one row, or all rows of an interlaced file; or one row to write */
  png_bytep *rows; /* into bytes, interlaced only */
  Image *image;
  bool failed;
  bool no_memory;
  char cause[128]; /* libpng's message */
} Job;

static void on_error(png_structp png, png_const_charp message) {
  Job *job = png_get_error_ptr(png);
  g_strlcpy(job->cause, message, sizeof job->cause);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_read(png_structp png, png_bytep data, png_size_t size) {
  Job *job = png_get_io_ptr(png);
  if (size > job->left)
    png_error(png, "it is truncated");
  memcpy(data, job->next, size);
  job->next += size;
  job->left -= size;
}

static void on_write(png_structp png, png_bytep data, png_size_t size) {
  Job *job = png_get_io_ptr(png);
  if (size > G_MAXUINT - job->out->len)
    png_error(png, "it is too large");
  g_byte_array_append(job->out, data, (guint)size);
}

static void on_flush(png_structp png) { (void)png; }

/* Samples to pixels: 3 or 4 samples a pixel of 8 or 16 bit. */
static void convert_row(const guint8 *bytes, int width, int n_samples, int depth, float *pixel) {
  for (int x = 0; x < width; x++) {
    float sample[4] = {0, 0, 0, 255};
    for (int s = 0; s < n_samples; s++) {
      sample[s] = depth == 8 ? (float)bytes[0] : (float)(bytes[0] << 8 | bytes[1]) / 257;
      bytes += depth / 8;
    }
    float alpha = sample[3] / 255;
    for (int c = 0; c < 3; c++)
      *pixel++ = sample[3] >= 255 ? sample[c] : sample[c] * alpha + GREY * (1 - alpha);
  }
}

/* The checks and allocations between the header and the samples; false with job->cause set. */
static bool prepare(Job *job, gsize file_size, gsize row_bytes, bool interlaced) {
  gsize width = png_get_image_width(job->png, job->info), height = png_get_image_height(job->png, job->info);
  if (width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE) {
    g_snprintf(job->cause, sizeof job->cause,
               "it has %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT " pixels; sides are at most %d", width, height,
               IMAGE_MAX_SIDE);
    return false;
  }
  /* Memory only for what the file can hold: palette and grey files unpack to up to 32 times their samples. */
  gsize bits = width * png_get_channels(job->png, job->info) * png_get_bit_depth(job->png, job->info);
  if (file_size < (bits + 7) / 8 * height / MAX_DEFLATE_RATIO) {
    g_strlcpy(job->cause, "it is truncated", sizeof job->cause);
    return false;
  }
  GError *error = NULL;
  job->image = image_new((int)width, (int)height, &error);
  job->bytes = g_try_malloc(interlaced ? row_bytes * height : row_bytes);
  job->rows = interlaced ? g_try_new(png_bytep, height) : NULL;
  g_clear_error(&error);
  job->no_memory = job->image == NULL || job->bytes == NULL || (interlaced && job->rows == NULL);
  if (job->no_memory) {
    g_strlcpy(job->cause, "no memory for it", sizeof job->cause);
    return false;
  }
  for (gsize y = 0; interlaced && y < height; y++)
    job->rows[y] = job->bytes + y * row_bytes;
  return true;
}

static void decode(Job *job) {
  gsize file_size = job->left;
  if (setjmp(png_jmpbuf(job->png))) {
    job->failed = true;
    return;
  }
  png_set_read_fn(job->png, job, on_read);
  png_set_user_limits(job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* prepare says it better */
  png_set_chunk_malloc_max(job->png, MAX_CHUNK_BYTES);
  png_set_crc_action(job->png, PNG_CRC_DEFAULT, PNG_CRC_WARN_DISCARD);
  png_read_info(job->png, job->info);
  bool interlaced = png_get_interlace_type(job->png, job->info) != PNG_INTERLACE_NONE;
  int type = png_get_color_type(job->png, job->info), depth = png_get_bit_depth(job->png, job->info) == 16 ? 16 : 8;
  bool alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(job->png, job->info, PNG_INFO_tRNS) != 0;
  int n_samples = alpha ? 4 : 3;
  gsize width = png_get_image_width(job->png, job->info);
  if (!prepare(job, file_size, width * (gsize)n_samples * (gsize)(depth / 8), interlaced)) {
    job->failed = true;
    return;
  }
  png_set_expand(job->png);
  png_set_gray_to_rgb(job->png);
  if (interlaced)
    png_set_interlace_handling(job->png);
  png_read_update_info(job->png, job->info);
  g_assert(png_get_rowbytes(job->png, job->info) == width * (gsize)n_samples * (gsize)(depth / 8));

  if (interlaced)
    png_read_image(job->png, job->rows);
  for (int y = 0; y < job->image->height; y++) {
    if (!interlaced)
      png_read_row(job->png, job->bytes, NULL);
    convert_row(interlaced ? job->rows[y] : job->bytes, job->image->width, n_samples, depth,
                job->image->pixels + (gsize)y * width * 3);
  }
  png_read_end(job->png, NULL); /* finds a cut in the last bytes */
}

static void set_error(const Job *job, const char *what, int code, GError **error) {
  g_set_error(error, RIG_ERROR, job->no_memory ? RIG_ERROR_MEMORY : code, "%s: %s: %s", job->name, what, job->cause);
}

bool image_png_decode(const char *name, const void *data, gsize size, Image **image, GError **error) {
  Job job = {.name = name, .next = data, .left = size};
  job.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &job, on_error, on_warning);
  job.info = job.png != NULL ? png_create_info_struct(job.png) : NULL;
  if (job.info != NULL) {
    decode(&job);
  } else {
    job.failed = job.no_memory = true;
    g_strlcpy(job.cause, "no memory for it", sizeof job.cause);
  }
  png_destroy_read_struct(&job.png, &job.info, NULL);
  g_free(job.bytes);
  g_free(job.rows);
  if (job.failed) {
    image_free(job.image);
    set_error(&job, "cannot read the PNG", RIG_ERROR_INPUT, error);
    return false;
  }
  *image = job.image;
  return true;
}

static void encode(Job *job, const Image *image) {
  if (setjmp(png_jmpbuf(job->png))) {
    job->failed = true;
    return;
  }
  png_set_write_fn(job->png, job, on_write, on_flush);
  png_set_IHDR(job->png, job->info, (png_uint_32)image->width, (png_uint_32)image->height, 8, PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB(job->png, job->info, PNG_sRGB_INTENT_PERCEPTUAL);
  png_set_compression_level(job->png, 6);
  png_write_info(job->png, job->info);
  gsize row = (gsize)image->width * 3;
  for (gsize y = 0; y < (gsize)image->height; y++) {
    const float *pixel = image->pixels + y * row;
    for (gsize i = 0; i < row; i++)
      job->bytes[i] = pixel[i] >= 255 ? 255 : pixel[i] > 0 ? (guint8)pixel[i] : 0;
    png_write_row(job->png, job->bytes);
  }
  png_write_end(job->png, NULL);
}

bool image_png_encode(const char *name, const Image *image, GByteArray *png, GError **error) {
  Job job = {.name = name, .out = png};
  job.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &job, on_error, on_warning);
  job.info = job.png != NULL ? png_create_info_struct(job.png) : NULL;
  job.bytes = g_try_malloc((gsize)image->width * 3);
  if (job.info != NULL && job.bytes != NULL) {
    encode(&job, image);
  } else {
    job.failed = job.no_memory = true;
    g_strlcpy(job.cause, "no memory for it", sizeof job.cause);
  }
  png_destroy_write_struct(&job.png, &job.info);
  g_free(job.bytes);
  if (job.failed)
    set_error(&job, "cannot write the PNG", RIG_ERROR_OUTPUT, error);
  return !job.failed;
}
