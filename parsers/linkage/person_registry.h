#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <hl7flow/parsers/error.h>
#include <hl7flow/parsers/linkage/evidence.h>
#include <hl7flow/parsers/linkage/packed_comparer.h>

namespace hl7flow::linkage {

/// Records have numbers from 0 in the order in which they came to be known. A person has the number
/// of the first of its records.
using RecordNumber = std::uint32_t;
using PersonNumber = std::uint32_t;
inline constexpr std::uint32_t no_number = 0xffffffff;

/// A record came to be of a person, or of another one.
struct PersonChange {
  RecordNumber record;
  PersonNumber person, before;       // `before`: no_number for a new record
  RecordNumber matched = no_number;  // the record of that person that it is most like, if any
  float bits = 0;                    // how likely these two are one person
};

/// Two records that may be one person, and that nobody joined.
struct PersonReview {
  RecordNumber a, b;
  float bits;
  Caution caution;  // why not, if they are more likely than not
};

struct RegistryOptions {
  AspectWeights weights = default_weights();
  float link_bits = 6.63f;  // probability .99: two records are one person from here on
  float review_bits = 0;    // or a person should look
  float margin_bits = 3;    // a record that two persons claim with less between them is for review
  /// Aspects that make two records one person when all of them agree exactly, whatever the others
  /// say: a site's own rules.
  std::vector<std::vector<Aspect>> rules;
  std::uint32_t records_max = 4'000'000;
};

/// Finds or creates the person of each record as evidence comes, in memory: about 500 bytes a
/// record. Who is one person is worked out anew from all evidence whenever some of it changes,
/// among the records that it touches: so the persons do not depend on the order in which evidence
/// came, as long as no key is crowded (PersonBlocks) and the times of what is said of one record
/// differ; what is said at the same time counts in the order of arrival. Nothing is undone by
/// guessing: to take a merge back, evidence says that it does not count. Not thread-safe.
class PersonRegistry {
 public:
  explicit PersonRegistry(const RegistryOptions& options);
  ~PersonRegistry();
  PersonRegistry(PersonRegistry&&) noexcept;
  PersonRegistry& operator=(PersonRegistry&&) noexcept;

  /// What came of a piece of evidence. Valid until the next apply().
  struct Outcome {
    RecordNumber record = no_number;
    PersonNumber person = no_number;
    bool is_news = false;  // it said something that was not known
    const std::vector<PersonChange>* changes = nullptr;
    const std::vector<PersonReview>* reviews = nullptr;
  };
  /// Failures: out_of_room when there are more than records_max records.
  Result<Outcome, Failure> apply(const Evidence& evidence);

  /// Two steps ahead of apply(), to have memory at hand: first for evidence some 16 pieces ahead,
  /// then for what is some 8 ahead.
  void prefetch_keys(const Evidence& evidence) const noexcept;
  void prefetch_records(const Evidence& evidence);

  std::size_t size() const noexcept;
  std::optional<RecordNumber> find(RecordKey key) const noexcept;
  RecordKey key(RecordNumber record) const noexcept;
  PersonNumber person(RecordNumber record) const noexcept;
  /// The records of a person, in order of numbers.
  std::vector<RecordNumber> records_of(PersonNumber person) const;
  /// What is known of a record; all missing if it is but a number, or gone.
  const PackedPerson& described(RecordNumber record) const noexcept;
  const RegistryOptions& options() const noexcept;
  /// Keys that too many records share, and records that were left alone because too many might be
  /// theirs.
  std::uint64_t crowded() const noexcept;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace hl7flow::linkage
