/* differ.h - what higher layers use of differ: rules, footprints and medians. */
#ifndef DIFFER_DIFFER_H
#define DIFFER_DIFFER_H

#include "differ/footprint.h"
#include "differ/median.h"
#include "differ/rule.h"

#endif
