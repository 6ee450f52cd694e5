#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/codes/code_store.h>

// From the code that a message has to the code that is wanted.
namespace hl7flow::codes {

/// How an answer was found, from the surest to the least sure.
enum class How : std::uint8_t {
  none,       // there is no answer: see Answer::miss
  exact,      // the code is one of the wanted system
  alias,      // it is, in another spelling: "e119" for E11.9
  successor,  // it was retired, and this one took its place
  map,        // a map leads there
};

/// Why there is no answer.
enum class Miss : std::uint8_t {
  none,
  no_code,         // nothing but text
  unknown_system,  // the store does not know the coding system, or none is named
  unknown_code,    // the system has no such code, or no map leads on from it
  bad_form,        // no code of the system looks like that
  bad_check_digit,
  retired,         // and nothing took its place
  not_valid_then,  // not yet, or no longer, on the day of the message
  ambiguous,       // several answers, and the policy wants one
  unmatched,       // the map says that nothing corresponds
};
std::string_view name(How how) noexcept;
std::string_view name(Miss miss) noexcept;

/// What to do where a map has several targets for one code.
enum class Several : std::uint8_t {
  refuse,  // no answer: ambiguous
  first,   // by the map's priorities
  all,     // the first is the answer, the others are counted with it
};

struct Question {
  std::string_view code, system;
  std::uint32_t as_of = 0;  // yyyymmdd, the message's own day; 0: not asked
};

struct Answer {
  How how = How::none;
  Miss miss = Miss::no_code;
  Equivalence equivalence = Equivalence::equivalent;
  std::uint8_t hops = 0;              // maps passed
  std::uint16_t candidates = 0;       // answers there were
  std::uint16_t map = 0xffff;         // the last map passed
  SystemId system = no_system;        // that the code itself is of
  std::uint32_t source = no_concept;  // what the code itself stands for
  std::uint32_t target = no_concept;  // the answer
  std::uint8_t coding = 0;            // which of several codings answered
  bool found() const noexcept { return how != How::none; }
};

/// Answers questions from one store, which must outlive it. Thread-safe, no allocation.
class Resolver {
 public:
  explicit Resolver(const CodeStore& store, Several several = Several::refuse);

  /// The code in one of the wanted systems, the first that has an answer; no systems: the code in
  /// its own system. Maps are followed over at most three steps.
  Answer resolve(const Question& question, std::span<const SystemId> wanted) const noexcept;
  /// The best answer of several codings of one value: the surest, else the first. Why there is none
  /// is the first coding's reason that says most.
  Answer resolve(std::span<const Question> codings,
                 std::span<const SystemId> wanted) const noexcept;
  /// All answers of a question: more than one for a combination of codes.
  std::vector<Answer> all(const Question& question, std::span<const SystemId> wanted) const;

  const CodeStore& store() const noexcept { return store_; }

 private:
  struct Found {
    std::uint32_t subject = no_concept;
    bool in_other_spelling = false;
    Miss miss = Miss::none;
  };
  Found find(SystemId system, std::string_view code) const noexcept;
  Answer resolve_in(SystemId system, std::string_view code, std::uint32_t day,
                    std::span<const SystemId> wanted) const noexcept;
  Answer follow(std::uint32_t subject, SystemId wanted, std::uint32_t as_of,
                int steps) const noexcept;
  Answer successor_of(std::uint32_t subject, std::uint32_t as_of, int steps) const noexcept;

  const CodeStore& store_;
  Several several_;
  std::vector<std::uint8_t> families_;  // by system
};

}  // namespace hl7flow::codes
