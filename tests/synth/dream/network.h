/* Small networks for the tests of dreaming. */
#ifndef DREAMRIG_TESTS_DREAM_NETWORK_H
#define DREAMRIG_TESTS_DREAM_NETWORK_H

#include "stimuli/image.h"
#include "synth/net/graph.h"

/* inception5h at an eighth of its width with the random weights of the oracles (tests/data/tiny5h/net.pb). */
NetGraph *test_tiny5h(void);
/* One 3x3 convolution "conv" with padding, from RGB to 4 channels, whose bias makes every "conv:relu" 0. */
NetGraph *test_dead_relu(void);
/* The node's index; fails the test where there is none. */
int test_node(const NetGraph *graph, const char *name);
/* Pixels 0..255 that differ everywhere. */
Image *test_image(int width, int height);

#endif
