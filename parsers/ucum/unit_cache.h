#pragma once

#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/ucum/unit_table.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow::ucum {

/// Remembers what expressions came to: a feed has few different units. One caller's own, not
/// thread-safe; the table must outlive it. Holds a thousand expressions of up to 32 bytes in memory
/// of a fixed size; longer ones are read each time.
class UnitCache {
 public:
  explicit UnitCache(const UnitTable& table) : table_(table), entries_(count) {}

  /// The same as table.parse(expression); null where that is an error.
  const Unit* parse(std::string_view expression) {
    if (expression.size() > size_max) return read(long_, expression);
    std::uint64_t const hash = XXH3_64bits(expression.data(), expression.size());
    Entry& entry = entries_[hash % count];
    if (entry.known && entry.size == expression.size() &&
        std::memcmp(entry.text.data(), expression.data(), entry.size) == 0)
      return entry.good ? &entry.unit : nullptr;
    entry.known = true;
    entry.size = static_cast<std::uint8_t>(expression.size());
    if (!expression.empty()) std::memcpy(entry.text.data(), expression.data(), entry.size);
    return read(entry, expression);
  }

 private:
  static constexpr std::size_t count = 1024, size_max = 32;
  struct Entry {
    std::array<char, size_max> text;
    std::uint8_t size = 0;
    bool known = false, good = false;
    Unit unit;
  };

  const Unit* read(Entry& entry, std::string_view expression) {
    auto const unit = table_.parse(expression);
    entry.good = unit.has_value();
    if (unit) entry.unit = *unit;
    return unit ? &entry.unit : nullptr;
  }

  const UnitTable& table_;
  std::vector<Entry> entries_;
  Entry long_;
};

}  // namespace hl7flow::ucum
