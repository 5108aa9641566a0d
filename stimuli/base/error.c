#include "stimuli/base/error.h"

GQuark rig_error_quark(void) { return g_quark_from_static_string("rig-error"); }
