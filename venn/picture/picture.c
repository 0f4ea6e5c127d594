/* picture.c - a diagram as a picture: circles for up to three platforms, an UpSet plot for more. */
#include "venn/picture/picture.h"

#include "venn/picture/picture_circles.h"
#include "venn/picture/picture_upset.h"

enum { CIRCLES_MAX = 3 };

void picture_print(const struct diagram *diagram)
{
	if (diagram->query.platform_count <= CIRCLES_MAX)
		picture_circles(diagram);
	else
		picture_upset(diagram);
}
