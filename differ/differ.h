/*
 * differ.h - what higher layers use of differ: rules and their tests, footprints, agreement,
 * resampling, medians.
 */
#ifndef DIFFER_DIFFER_H
#define DIFFER_DIFFER_H

#include "differ/deals.h"
#include "differ/discovery.h"
#include "differ/footprint.h"
#include "differ/median.h"
#include "differ/permutation.h"
#include "differ/poisson.h"
#include "differ/random.h"
#include "differ/resample.h"
#include "differ/rule.h"
#include "differ/stability.h"

#endif
