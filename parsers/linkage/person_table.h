#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
};
inline constexpr std::size_t role_count = 16;
std::string_view name(Role role) noexcept;
/// The role that columns of that name usually have: "surname", "last_name", "dob", "postcode_fake".
std::optional<Role> role_of_column(std::string_view column);

/// A number for each different text; 0 is the missing value.
using ValueId = std::uint32_t;

/// A text brought to the form in which values of a role are compared: lower case without accents,
/// digits of dates and numbers. Empty for what says nothing: placeholders such as 19000101,
/// 999999999, "unknown", "baby boy".
std::string normal_value(Role role, std::string_view text);

/// Records by row, columns by role. Values are normal forms. Not thread-safe while it is filled.
class PersonTable {
 public:
  PersonTable();
  ~PersonTable();
  PersonTable(PersonTable&&) noexcept;
  PersonTable& operator=(PersonTable&&) noexcept;

  void add_column(Role role);
  /// A new record, of the source of that number: all its values are missing.
  void add_record(std::uint32_t source = 0);
  /// Sets a value of the last record, from the text as it came.
  void set(Role role, std::string_view text);

  std::size_t size() const noexcept { return sources_.size(); }
  bool has(Role role) const noexcept { return present_[static_cast<std::size_t>(role)]; }
  std::uint32_t source(std::size_t record) const noexcept { return sources_[record]; }
  ValueId value(Role role, std::size_t record) const noexcept {
    return columns_[static_cast<std::size_t>(role)][record];
  }
  std::string_view text(Role role, std::size_t record) const noexcept {
    return text_of(role, value(role, record));
  }
  std::string_view text_of(Role role, ValueId value) const noexcept {
    return texts_[static_cast<std::size_t>(role)][value];
  }
  /// Numbers of values of a role are below this.
  std::size_t value_count(Role role) const noexcept {
    return texts_[static_cast<std::size_t>(role)].size();
  }
  /// In how many records the value stands, and how many records have one at all.
  std::uint32_t frequency(Role role, ValueId value) const noexcept;
  std::uint32_t filled(Role role) const noexcept { return filled_[static_cast<std::size_t>(role)]; }

 private:
  struct Dictionary;

  std::vector<std::uint32_t> sources_;
  std::array<bool, role_count> present_{};
  std::array<std::uint32_t, role_count> filled_{};
  std::array<std::vector<ValueId>, role_count> columns_;
  std::array<std::vector<std::string_view>, role_count>
      texts_;  // of values; the dictionaries own them
  std::array<std::unique_ptr<Dictionary>, role_count> dictionaries_;
};

}  // namespace hl7flow::linkage
