/* picture_upset.h - an UpSet plot: a column for each region, a row for each platform. */
#ifndef VENN_PICTURE_PICTURE_UPSET_H
#define VENN_PICTURE_PICTURE_UPSET_H

#include "venn/questions/diagram.h"

/** picture_upset() - a column for each region, a row for each platform; free() it. */
char *picture_upset(const struct diagram *diagram);

#endif
