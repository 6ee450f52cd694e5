#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/linkage/evidence.h>
#include <hl7flow/pipeline/message_id.h>

// What identify found: which person each PID segment is of, and what became of persons by it.
namespace hl7flow {

/// What names a record of a patient: an identifier, and who assigned it.
struct RecordName {
  std::string assigning_authority, identifier;
};

/// Why a record came to be of a person.
enum class LinkReason : std::uint8_t {
  new_person,  // nobody who is known is like it
  alike,       // what is said of it is like what is said of a record of that person
  same_list,   // their identifiers stand in one list (PID-3)
  merged,      // a sender merged or linked them
  decided,     // a person who looked said so
  parted,      // what held it to its person before does not count any more
  moved,       // it came along with a record that it belongs to
};
constexpr std::string_view name(LinkReason reason) noexcept {
  constexpr std::string_view names[] = {"new_person", "alike",  "same_list", "merged",
                                        "decided",    "parted", "moved"};
  return names[static_cast<std::size_t>(reason)];
}

inline constexpr std::uint32_t no_message = 0xffffffff;

/// A record is of another person than before, or new: a row of `person_links`.
struct PersonLink {
  std::uint32_t message = no_message;  // ordinal in the batch; no_message: a decision did it
  LinkReason reason = LinkReason::new_person;
  bool has_before = false, has_matched = false;
  float bits = 0;  // of the match
  MessageId person{}, before{};
  RecordName record, matched;
};

/// Two records that a person should look at: a row of `person_reviews`.
struct PersonReviewRow {
  std::uint32_t message = no_message;
  std::string_view reason;  // near, contested, or a linkage::Caution
  float bits = 0;
  MessageId person_a{}, person_b{};
  RecordName a, b;
};

/// A statement of a message, taken in parallel before it counts in order.
struct TakenStatement {
  std::uint32_t message = 0;       // ordinal in the batch
  std::uint32_t segment = 0;       // the PID
  std::size_t begin = 0, end = 0;  // of its words in PersonFindings::words
  linkage::Evidence evidence;
};

struct PersonOfSegment {
  std::uint32_t segment = 0;
  MessageId person{};
};

/// What `identify` adds to a batch.
struct PersonFindings {
  std::vector<TakenStatement> statements;  // in order of message
  std::string words;
  std::vector<PersonOfSegment> persons;  // in order of segment
  std::vector<PersonLink> links;
  std::vector<PersonReviewRow> reviews;

  /// The person of a PID segment; null if it has none.
  const MessageId* find(std::uint32_t segment) const noexcept;
  void clear() noexcept {
    statements.clear();
    words.clear();
    persons.clear();
    links.clear();
    reviews.clear();
  }
};

}  // namespace hl7flow
