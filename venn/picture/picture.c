/* picture.c - a diagram as a picture: circles for up to three platforms, an UpSet plot for more. */
#include "venn/picture/picture.h"

#include "venn/picture/picture_circles.h"
#include "venn/picture/picture_upset.h"

enum { CIRCLES_MAX = 3 };

char *picture_svg(const struct diagram *diagram)
{
	if (diagram->query.platform_count <= CIRCLES_MAX)
		return picture_circles(diagram);
	return picture_upset(diagram);
}
