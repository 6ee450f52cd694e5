// docs/reference/errors.md has a row for each code, and no row for a code that does not exist.

#include <hl7flow/parsers/error.h>

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace hl7flow {
namespace {

/// Every code that error.cpp knows, by name: the list is closed, and numbers fit 16 bits.
std::map<std::string, int> known_codes() {
  std::map<std::string, int> codes;
  for (int number = 1; number <= 0xffff; ++number) {
    std::string_view const text = name(static_cast<ErrorCode>(number));
    if (text != "unknown") codes.emplace(text, number);
  }
  return codes;
}

/// The rows "| `code` | number | means | what to do |" of the page.
std::map<std::string, int> documented_codes() {
  std::ifstream page(HL7FLOW_ROOT "/docs/reference/errors.md");
  std::regex const row(R"(\| `([a-z0-9_]+)` \| ([0-9]+) \| [^|]{10,} \| [^|]{5,} \|)");
  std::map<std::string, int> codes;
  for (std::string line; std::getline(page, line);) {
    std::smatch found;
    if (std::regex_match(line, found, row)) codes.emplace(found[1], std::stoi(found[2]));
  }
  return codes;
}

TEST(ErrorsPage, HasARowForEachCodeAndNoOther) {
  ASSERT_GE(known_codes().size(), 31u);
  EXPECT_EQ(documented_codes(), known_codes());
}

TEST(ErrorsPage, EachCodeHasASentence) {
  for (auto const& [code, number] : known_codes())
    EXPECT_GE(describe(static_cast<ErrorCode>(number)).size(), 5u) << code;
}

}  // namespace
}  // namespace hl7flow
