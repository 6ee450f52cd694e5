#pragma once

#include <string>
#include <string_view>

#include "tests/e2e/program.h"

namespace hl7flow::testing {

/// Tests of `match` on a list of forty people, each twice, the second time perhaps with an error.
class MatchLists : public ProgramTest {
 protected:
  struct Person {
    std::string given, family, born, city, number;
  };
  static Person person(int k) {
    constexpr const char* given[] = {"anna", "bert", "clara", "dora", "emil"};
    constexpr const char* family[] = {"abel",  "brandt", "conrad", "dietz",
                                      "ebner", "frank",  "graf",   "huber"};
    return {given[k % 5], family[k % 8],
            "19" + std::to_string(30 + k) + "-0" + std::to_string(1 + k % 9) + "-1" +
                std::to_string(k % 10),
            "town" + std::to_string(k % 7), std::to_string(k)};
  }
  /// As CSV: record, first_name, surname, dob, city, comment, person. Records are 0a, 0b, 1a, …
  static std::string people() {
    std::string text = "record,first_name,surname,dob,city,comment,person\n";
    for (int k = 0; k < 40; ++k) {
      Person const one = person(k);
      auto const row = [&](const char* which, const std::string& city, const char* comment) {
        text += one.number + which + "," + one.given + "," + one.family + "," + one.born + "," +
                city + "," + comment + "," + one.number + "\n";
      };
      row("a", one.city, "first");
      row("b", k % 2 == 0 ? one.city : one.city + "x", "\"again, later\"");
    }
    return text;
  }
  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }
};

}  // namespace hl7flow::testing
