#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/error.h>

namespace hl7flow::adapters {

/// Reads a Parquet file as rows of text. `columns` is called once, with the names of the columns;
/// those of nested types are left out. `row` is called for each row: dates are written as
/// "1980-01-02", whole numbers without a point, null is empty; the texts are valid until it
/// returns. Failures: not_found, bad_config for what is no Parquet file; those of `columns`.
Status read_parquet_rows(const std::string& path,
                         const std::function<Status(const std::vector<std::string>&)>& columns,
                         const std::function<void(const std::vector<std::string_view>&)>& row);

}  // namespace hl7flow::adapters
