#pragma once

#include <hl7flow/parsers/er7.h>

// Composite data types, HL7 v2.9.1 chapter 2A. Each is a small struct of views, filled by a
// read_ function in one pass from left to right; a type's parts have HL7's names and stand in HL7's
// order. The structs own nothing and are valid as long as the text they were read from. Reading
// never fails and never allocates: what is not there is an empty view, what is there too much is
// left out, and text stays as sent, escapes, "" (delete) and all. All of it is thread-safe.
//
// A part that is itself composite but seldom used is left a FieldView; read it with its own
// function at parts' depth, for example read_cwe(cx.assigning_jurisdiction, Depth::component).
namespace hl7flow::types {

/// Where a composite value stands, and so what separates its parts: components in a field (its
/// first repetition is read), subcomponents in a component; a subcomponent has no parts but itself.
enum class Depth : std::uint8_t { field, component, subcomponent };

/// Takes a value apart from left to right. A shallower value than expected is its own first part
/// (HL7 v2.9.1 2.5.3), so older senders' primitive values read as the composites they became.
class Parts {
 public:
  Parts(const FieldView& value, Depth depth) noexcept
      : delimiters_(value.delimiters()),
        inner_(depth == Depth::field ? Depth::component : Depth::subcomponent) {
    rest_ = before(value.raw(), delimiters_.repetition);
    if (depth == Depth::field) {
      separator_ = delimiters_.component;
    } else {
      rest_ = before(rest_, delimiters_.component);
      separator_ = depth == Depth::component ? delimiters_.subcomponent : '\0';
    }
    size_ = rest_.size();
  }

  /// The next part; beyond the last, an empty view without a place.
  FieldView next() noexcept {
    if (rest_.data() == nullptr) return {{}, delimiters_};
    std::string_view const part = before(rest_, separator_);
    rest_ = part.size() < rest_.size() ? rest_.substr(part.size() + 1) : std::string_view{};
    return {part, delimiters_};
  }

  /// The depth of the parts.
  Depth inner() const noexcept { return inner_; }
  /// Bytes of the whole value: of the repetition, component or subcomponent.
  std::size_t size() const noexcept { return size_; }

 private:
  static std::string_view before(std::string_view text, char separator) noexcept {
    return separator == '\0' ? text : text.substr(0, text.find(separator));
  }

  std::string_view rest_;
  std::size_t size_ = 0;
  Delimiters delimiters_;
  Depth inner_;
  char separator_ = '\0';
};

}  // namespace hl7flow::types
