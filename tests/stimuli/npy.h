/* Reading back what the program, and an oracle, wrote as NumPy's .npy. */
#ifndef DREAMRIG_TESTS_NPY_H
#define DREAMRIG_TESTS_NPY_H

#include "stimuli/image.h"

/* float32, C order, shape (height, width, 3); fails the test on any other file. Free with image_free. */
Image *npy_read(const char *path);

#endif
