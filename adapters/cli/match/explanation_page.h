#pragma once

#include <string>
#include <vector>

#include <hl7flow/adapters/cli/match/evidence.h>

namespace hl7flow::cli {

/// What a page explains: a pair, or a person by all its records.
struct PageSubject {
  std::vector<std::uint32_t> records;
  bool is_person = false;
  bool values = false;  // show what was compared, and the ids of records; else no value is in it
  double link_probability = 0.5;
};

/// One page of HTML that needs nothing else: the evidence, and charts of the model.
std::string explanation_page(const Matching& found, const People& people,
                             const PageSubject& subject);

}  // namespace hl7flow::cli
