#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/parsers/linkage/blocking.h>
#include <hl7flow/parsers/linkage/comparer.h>
#include <hl7flow/parsers/linkage/packed_comparer.h>
#include <hl7flow/parsers/linkage/similarity.h>

#include "tests/fuzz/fuzz.h"

// Any bytes as values of persons, and as messages: similarity has its bounds and does not depend on
// order, a normal form is its own, comparing forth and back is the same, and a message is the same
// message under another control id.
namespace hl7flow {
namespace {

using fuzz::require;
using linkage::Role;

void compare_texts(std::string_view a, std::string_view b) {
  double const alike = linkage::jaro_winkler(a, b);
  require(alike >= 0 && alike <= 1, "similarity is from 0 to 1");
  require(linkage::edit_distance(a, b, 3) == linkage::edit_distance(b, a, 3),
          "distance forth is distance back");
  require(linkage::edit_distance(a, a, 3) == 0, "no distance to itself");
  (void)linkage::soundex(a);
}

void compare_people(fuzz::Input input) {
  linkage::PersonTable table;
  for (std::size_t k = 0; k < linkage::role_count; ++k) table.add_column(static_cast<Role>(k));
  for (int record = 0; record < 4; ++record) {
    table.add_record();
    for (std::size_t k = 0; k < linkage::role_count; ++k) {
      std::string_view const text = input.line();
      auto const role = static_cast<Role>(k);
      std::string const normal = linkage::normal_value(role, text);
      require(linkage::normal_value(role, normal) == normal || role == Role::birth_date,
              "a normal form is its own");
      table.set(role, text);
    }
  }
  linkage::Comparer comparer(table, linkage::comparisons_for(table));
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b) {
      compare_texts(table.text(Role::full_name, a), table.text(Role::full_name, b));
      linkage::Pattern const pattern = comparer.compare(a, b);
      for (std::size_t k = 0; k < comparer.comparisons().size(); ++k)
        require(pattern[k] <= comparer.comparisons()[k].top, "no level is over the top");
    }
  (void)linkage::candidate_pairs(table, {});
}

void compare_packed(fuzz::Input input) {
  std::array<linkage::PackedPerson, 2> people;
  for (linkage::PackedPerson& person : people) {
    linkage::PersonTexts texts;
    for (auto* text : {&texts.given_name, &texts.family_name, &texts.suffix, &texts.birth_date,
                       &texts.sex, &texts.address_line, &texts.city, &texts.postcode, &texts.phone,
                       &texts.email, &texts.identifier})
      *text = input.line();
    person = linkage::pack(texts);
    (void)linkage::block_keys(person);
  }
  auto const forth = linkage::compare(people[0], people[1]);
  for (std::size_t k = 0; k < linkage::aspect_count; ++k)
    require(forth[k] <= linkage::top_of(static_cast<linkage::Aspect>(k)), "no level over the top");
  auto const weights = linkage::default_weights();
  require(linkage::score(weights, people[0], people[1]) ==
              linkage::score(weights, people[1], people[0]),
          "scored forth is scored back");
}

void take_fingerprints(std::string_view text) {
  Er7Parser parser;
  auto const message = parser.parse(text);
  if (!message) return;
  Fingerprinter fingerprinter({{simd::pack('P', 'I', 'D'), 2}});
  ContentFingerprint const first = fingerprinter.take(*message);
  ContentFingerprint const second = fingerprinter.take(*message);
  require(first.id == second.id && first.same_content(second), "a message is itself");
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hl7flow::fuzz::Input input(data, size);
  switch (input.choose(3)) {
    case 0:
      hl7flow::compare_people(input);
      break;
    case 1:
      hl7flow::compare_packed(input);
      break;
    default:
      hl7flow::take_fingerprints(input.rest());
  }
  return 0;
}
