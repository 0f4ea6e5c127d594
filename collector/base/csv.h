/* csv.h - a cell of CSV (RFC 4180). */
#ifndef COLLECTOR_BASE_CSV_H
#define COLLECTOR_BASE_CSV_H

#include <stdbool.h>
#include <stdio.h>

/**
 * cov_csv_write() - one word as a cell, quoted if it must be.
 * @is_safe: put ' before a word that a spreadsheet would take for a formula
 */
void cov_csv_write(const char *word, bool is_safe, FILE *out);

#endif
