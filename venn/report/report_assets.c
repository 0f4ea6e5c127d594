/* report_assets.c - the report's page, as venn/report/page/build.mjs made it, within the program.
 */
#include "venn/report/report_assets.h"

/*
 * The assembler puts the file where a compiler would put a constant of its bytes.
 * COVDB_REPORT_BUILD is the directory of the built files.
 */
#define ASSET(symbol, name)                                                                        \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "\n" #symbol ":\n"                                               \
		".incbin \"" COVDB_REPORT_BUILD "/" name "\"\n"                                    \
		".globl " #symbol "_end\n" #symbol "_end:\n"                                       \
		".popsection\n");                                                                  \
	extern const unsigned char symbol[], symbol##_end[];

ASSET(report_asset_page, "index.html")
ASSET(report_asset_script, "report.js")
ASSET(report_asset_charts, "charts.js")
ASSET(report_asset_syntax, "syntax.js")
ASSET(report_asset_style, "report.css")
ASSET(report_asset_licences, "LICENSES.txt")

const struct report_asset *report_assets(size_t *count)
{
	static struct report_asset assets[] = {
		{ "report.js", report_asset_script, 0 },
		{ "charts.js", report_asset_charts, 0 },
		{ "syntax.js", report_asset_syntax, 0 },
		{ "report.css", report_asset_style, 0 },
		{ "LICENSES.txt", report_asset_licences, 0 },
		{ "index.html", report_asset_page, 0 },
	};

	assets[0].size = (size_t)(report_asset_script_end - report_asset_script);
	assets[1].size = (size_t)(report_asset_charts_end - report_asset_charts);
	assets[2].size = (size_t)(report_asset_syntax_end - report_asset_syntax);
	assets[3].size = (size_t)(report_asset_style_end - report_asset_style);
	assets[4].size = (size_t)(report_asset_licences_end - report_asset_licences);
	assets[5].size = (size_t)(report_asset_page_end - report_asset_page);
	*count = sizeof(assets) / sizeof(assets[0]);
	return assets;
}
