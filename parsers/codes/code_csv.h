#pragma once

#include <string>
#include <string_view>

#include <hl7flow/parsers/codes/store_builder.h>

// A site's own tables of codes, as CSV with a row of column names (docs/tasks/map-codes.md). The
// columns say what the file is:
//   source_system, source_code, target_system, target_code    a map; more columns: map,
//     source_display, target_display, equivalence, comment
//   system, code, display, status                              codes
//   system, title, uri, oid, aliases (between |)               code systems
namespace hl7flow::codes {

/// Reads one file into the builder and reports how many rows it had. A row that does not parse is
/// counted with its line. Failures: bad_store for a file that is no UTF-8 text or has none of these
/// headers.
Result<LoadReport, Failure> load_csv(StoreBuilder& builder, std::string_view text, std::string file,
                                     MapOrigin origin = MapOrigin::site);

/// The systems that everybody knows, and the sample of codes and maps that needs no licence
/// (starter/NOTICE.md).
void load_known_systems(StoreBuilder& builder);
void load_starter(StoreBuilder& builder);

}  // namespace hl7flow::codes
