/** Lines of logs that were read, by `source` and `level`. */
export const LOG_ENTRIES_METRIC = 'vedette_log_entries_total';
