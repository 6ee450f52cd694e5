#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/linkage/parallel_for.h>
#include <hl7flow/parsers/linkage/text_dictionary.h>

// Records of persons, in columns of interned values: what matching compares.
namespace hl7flow::linkage {

/// What a column says of a person.
enum class Role : std::uint8_t {
  given_name,
  family_name,
  full_name,
  birth_date,
  sex,
  house_number,
  address_line_1,
  address_line_2,
  city,
  postcode,
  state,
  phone,
  email,
  identifier,  // of the person, such as a social security number
  birth_place,
  occupation,
  suffix,  // junior, senior: not compared; says the generation
};
inline constexpr std::size_t role_count = 17;
std::string_view name(Role role) noexcept;
/// All names, in the order of roles.
std::vector<std::string> role_names();
std::optional<Role> role_named(std::string_view name) noexcept;
/// The role that columns of that name usually have: "surname", "last_name", "dob", "postcode_fake".
std::optional<Role> role_of_column(std::string_view column);

/// A number for each different text; 0 is the missing value.
using ValueId = std::uint32_t;

/// A text brought to the form in which values of a role are compared: small Latin letters without
/// accents (latin_letters), words of addresses abbreviated (address_words), digits of dates and
/// numbers. Empty for what says nothing: placeholders such as 19000101,
/// 999999999, "unknown", "baby boy".
std::string normal_value(Role role, std::string_view text);

/// Small letters and digits, with a blank for every run of others; of placeholders, too.
std::string plain_words(std::string_view text);

/// Records by row, columns by role. Values are normal forms. Not thread-safe while it is filled.
class PersonTable {
 public:
  /// Keeps the texts of records as they came beside their normal forms; before the first record.
  void keep_written() noexcept { keeps_written_ = true; }
  void add_column(Role role);
  /// A new record, of the source of that number: all its values are missing.
  void add_record(std::uint32_t source = 0);
  /// Sets a value of the last record, from the text as it came. A suffix at the end of a family
  /// name ("Smith, Jr.") is no part of its value; it says the generation unless the suffix does.
  void set(Role role, std::string_view text);
  /// The records of a table with the same columns, as if they had been added here one by one.
  void append(const PersonTable& other, const ParallelFor& parallel_for = in_turn);
  /// Gives back what set() remembers of texts as they came.
  void forget_spellings();

  std::size_t size() const noexcept { return sources_.size(); }
  bool has(Role role) const noexcept { return column(role).is_present; }
  /// Those that have a column, in order.
  std::vector<Role> roles() const;
  std::uint32_t source(std::size_t record) const noexcept { return sources_[record]; }
  /// Of the record's suffix, as generation_of() has it; 0 if it has none.
  std::uint8_t generation(std::size_t record) const noexcept { return generations_[record]; }
  std::span<const std::uint8_t> generations() const noexcept { return generations_; }
  ValueId value(Role role, std::size_t record) const noexcept {
    return column(role).values[record];
  }
  std::string_view text(Role role, std::size_t record) const noexcept {
    return text_of(role, value(role, record));
  }
  /// Valid until a value is added.
  std::string_view text_of(Role role, ValueId value) const noexcept {
    return column(role).texts.text(value);
  }
  /// The text of a record's value as it came, if those are kept; else its normal form. Empty if it
  /// is missing. Valid until a value is added.
  std::string_view written(Role role, std::size_t record) const noexcept {
    return keeps_written_ ? column(role).writings.text(column(role).written[record])
                          : text(role, record);
  }
  /// Numbers of values of a role are below this.
  std::size_t value_count(Role role) const noexcept { return column(role).texts.size(); }
  /// In how many records the value stands, and how many records have one at all.
  std::uint32_t frequency(Role role, ValueId value) const noexcept {
    return column(role).counts[value];
  }
  std::uint32_t filled(Role role) const noexcept { return column(role).filled; }

 private:
  struct Column {
    bool is_present = false;
    std::uint32_t filled = 0;
    std::vector<ValueId> values;  // of records
    TextDictionary texts;         // of values, and how often each is there
    std::vector<std::uint32_t> counts{0};
    // What texts came to that are not their own normal form, so that a name that comes a thousand
    // times is brought to it once.
    TextDictionary spellings;
    std::vector<ValueId> spelled{0};
    // If they are kept: texts as they came, and which one each record has.
    TextDictionary writings;
    std::vector<std::uint32_t> written;
  };

  Column& column(Role role) noexcept { return columns_[static_cast<std::size_t>(role)]; }
  const Column& column(Role role) const noexcept {
    return columns_[static_cast<std::size_t>(role)];
  }
  static ValueId value_of(Column& column, Role role, std::string_view text);

  std::vector<std::uint32_t> sources_;
  std::vector<std::uint8_t> generations_;
  std::array<Column, role_count> columns_;
  bool keeps_written_ = false;
};

/// Whether one of two records is of a junior and one of a senior, say.
bool have_two_suffixes(const PersonTable& table, std::size_t a, std::size_t b) noexcept;

}  // namespace hl7flow::linkage
