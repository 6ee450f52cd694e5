#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <hl7flow/pipeline/batch.h>

// What `stats` finds out about a feed. Profiles of parts of it are made on all threads and merged;
// the merged result does not depend on how the feed was cut.
namespace hl7flow::cli {

/// How many different values were added: exact up to exact_max, then a HyperLogLog estimate with an
/// error of about 2 % (Flajolet et al. 2007, 4096 registers).
class DistinctCount {
 public:
  static constexpr std::size_t exact_max = 1000;
  static constexpr unsigned register_bits = 12;

  void add(std::uint64_t hash);
  void merge(const DistinctCount& other);
  bool exact() const noexcept { return !registers_; }
  std::uint64_t count() const;

 private:
  using Registers = std::array<std::uint8_t, std::size_t{1} << register_bits>;
  void insert(std::uint64_t hash);
  void record(std::uint64_t hash) noexcept;
  void spill();

  std::vector<std::uint64_t> slots_;  // open addressing; 0 is empty
  std::size_t size_ = 0;
  std::unique_ptr<Registers> registers_;
};

/// Values and how often they occur; given up when there are more than `max` different ones, for
/// then they are no codes.
class ValueCounts {
 public:
  explicit ValueCounts(std::size_t different_max = 1000) : max_(different_max) {}
  void add(std::string_view value, std::uint64_t count = 1);
  void merge(const ValueCounts& other);
  std::size_t max() const noexcept { return max_; }
  bool complete() const noexcept { return !given_up_; }
  /// The `most` frequent, the most frequent first; ties in byte order.
  std::vector<std::pair<std::string, std::uint64_t>> top(std::size_t most) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept;
  };
  std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> counts_;
  std::size_t max_;
  bool given_up_ = false;
};

struct FieldProfile {
  std::uint64_t filled = 0;    // segments in which it has text
  std::uint64_t deletes = 0;   // in which it is ""
  std::uint64_t repeated = 0;  // in which it has more than one repetition
  std::uint64_t repetitions_max = 0;
  std::uint64_t length_min = ~std::uint64_t{0}, length_max = 0, length_sum = 0;  // bytes
  DistinctCount distinct;
  ValueCounts values;
};

struct SegmentProfile {
  std::uint64_t count = 0;     // segments
  std::uint64_t messages = 0;  // messages that have one
  std::uint64_t per_message_max = 0;
  std::uint64_t in_message = 0;      // scratch: of the message that is being read
  std::vector<FieldProfile> fields;  // field n at n - 1
};

struct ProfileOptions {
  bool values = false;
  std::vector<std::uint32_t> segments;  // packed ids; empty: all
};

struct Profile {
  static constexpr std::size_t segment_max = 1000;  // different identifiers
  static constexpr std::size_t field_max = 500;     // fields of a segment

  /// Packed ids in the order of their letters.
  struct ByLetters {
    bool operator()(std::uint32_t a, std::uint32_t b) const noexcept {
      return __builtin_bswap32(a) < __builtin_bswap32(b);
    }
  };

  ValueCounts senders{10'000};  // MSH-3, and at MSH-4
  std::map<std::uint32_t, SegmentProfile, ByLetters> segments;
  std::uint64_t beyond_limits = 0;  // fields not looked at, for there are too many

  void add(const Batch& batch, const ProfileOptions& options);
  void merge(const Profile& other);

 private:
  void add_segment(const SegmentView& segment, SegmentProfile& profile,
                   const ProfileOptions& options);
};

}  // namespace hl7flow::cli
