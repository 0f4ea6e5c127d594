/* picture_flame.h - a tree of functions as an icicle: callers above what they call. */
#ifndef VENN_PICTURE_PICTURE_FLAME_H
#define VENN_PICTURE_PICTURE_FLAME_H

#include "venn/questions/flame.h"

/**
 * picture_flame() - width is the share of samples, from the outermost function down; free() it.
 * @heading: what the tree is of
 * @remark:  a second line: how many samples, what is to be known of them
 *
 * Of two sides the width is that of the first, or of the second where the first has none, and the
 * colour says which has more; where the difference may be chance, neither. Else frames of the
 * kernel and of programs differ in colour, and in their edge. Each has a <title> with its numbers.
 * Frames narrower than a pixel are left out.
 */
char *picture_flame(const struct flame *flame, const char *heading, const char *remark);

#endif
