#pragma once

#include <string>
#include <utility>
#include <vector>

#include <hl7flow/parsers/error.h>
#include <hl7flow/parsers/linkage/person_table.h>

namespace hl7flow::cli {

/// How the columns of lists of persons are read.
struct PeopleOptions {
  std::string id;                    // column that names a record; empty: a usual name, or the row
  std::string truth;                 // column that names the person, to judge by
  std::vector<std::string> columns;  // "COLUMN=ROLE"
  std::vector<std::string> without;  // columns that are not used
  std::string as_of;                 // column that says when a record was so; empty: nobody knows
  bool keeps_written = false;        // values as they came, for PersonTable::written()
  std::string format;                // one of people_formats(); empty: by the file's ending
};

/// Records of one or more lists.
struct People {
  linkage::PersonTable table;
  std::vector<std::string> ids;        // of records
  linkage::TextDictionary true_names;  // if a column was named:
  std::vector<std::uint32_t> truth;    // of records, by number
  std::vector<std::int64_t> as_of;     // if a column was named: microseconds since 1970
  std::vector<std::pair<std::string, linkage::Role>> used;  // columns, and what they are
  std::vector<std::string> unused;
  std::string id_column;           // empty: records are named by their rows
  std::vector<std::string> notes;  // what was left out of the lists
};

/// csv, parquet, ndjson, hl7.
std::vector<std::string> people_formats();

/// The same whatever the number of threads; 0: all cores. Failures: not_found, not_hl7, bad_config
/// for a file whose columns say nothing of a person, a row that is cut off or no record, a date of
/// `as_of` that is none, a role or a column that is not known.
Result<People, Failure> read_people(const std::vector<std::string>& files,
                                    const PeopleOptions& options, std::size_t threads = 0);

}  // namespace hl7flow::cli
