#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/cli/match/people.h>

// From rows of any format to people. One reader a format: read_people picks it.
namespace hl7flow::cli {

class PeopleBuilder {
 public:
  PeopleBuilder(const PeopleOptions& options, People& people, std::size_t threads = 1)
      : options_(options), people_(people), threads_(threads) {}
  /// For a piece of the list that the other one has begun: fills people of its own.
  PeopleBuilder(const PeopleBuilder& whole, People& people);

  /// A list begins: what its columns are. Failures: usage, bad_config.
  Status begin(const std::string& path, std::uint32_t source,
               const std::vector<std::string>& columns);
  /// A record of the list: a field for each column, empty for what is missing.
  void add(const std::vector<std::string_view>& fields);
  /// The people of the next piece of the list.
  void append(const People& piece);
  /// The list is whole. Failures: bad_config if a record's date (as_of) is none.
  Status end(const std::string& path);
  std::size_t threads() const noexcept { return threads_; }
  /// Something that a reader of the report should know.
  void note(std::string text) { people_.notes.push_back(std::move(text)); }
  /// Whether the column says something of a person, and is compared.
  bool is_compared(std::size_t column) const { return roles_[column].has_value(); }

 private:
  Result<std::optional<linkage::Role>, Failure> role_of(const std::string& column) const;
  bool is_id(const std::string& column) const;
  void keep(const std::string& column, std::optional<linkage::Role> role);

  const PeopleOptions& options_;
  People& people_;
  std::size_t threads_;
  std::uint32_t source_ = 0;
  std::size_t first_ = 0;  // record of the list
  std::vector<std::optional<linkage::Role>> roles_;
  std::optional<std::size_t> id_, truth_, as_of_;
};

Status read_csv_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder);
Status read_parquet_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder);
/// NDJSON: an object a line. Its columns are all keys that occur.
Status read_json_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder);
/// HL7 messages: the patient of each, from PID. The same patient with the same values is one
/// record, however many messages there are.
Status read_hl7_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder);

}  // namespace hl7flow::cli
