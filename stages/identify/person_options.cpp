#include <hl7flow/stages/identify/person_options.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include <hl7flow/pipeline/config.h>

namespace hl7flow::stages {

namespace {

// To be raised when the same statements come to other persons: default_weights(), PersonPartition.
constexpr std::string_view first_line = "persons 1";

Result<std::vector<linkage::Aspect>, Failure> read_rule(std::string_view text) {
  std::vector<linkage::Aspect> rule;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t const end = std::min(text.find('+', begin), text.size());
    std::string_view const word = text.substr(begin, end - begin);
    std::size_t known = 0;
    while (known < linkage::aspect_count && name(static_cast<linkage::Aspect>(known)) != word)
      ++known;
    if (known == linkage::aspect_count) {
      std::vector<std::string> names;
      for (std::size_t k = 0; k < linkage::aspect_count; ++k)
        names.emplace_back(name(static_cast<linkage::Aspect>(k)));
      return fail(ErrorCode::bad_option,
                  "rules are values with + between them, such as "
                  "identifier+birth_date; there is no \"" +
                      std::string(word) + '"' + nearest_name(word, names));
    }
    rule.push_back(static_cast<linkage::Aspect>(known));
    begin = end + 1;
  }
  return rule;
}

/// The shortest text that reads as the same number.
std::string number_text(double number) {
  char text[32];
  auto const end = std::to_chars(std::begin(text), std::end(text), number).ptr;
  return {std::begin(text), end};
}

bool read_number(std::string_view text, double& number) {
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && stop == text.data() + text.size();
}

}  // namespace

Result<linkage::RegistryOptions, Failure> PersonOptions::compiled() const {
  linkage::RegistryOptions made;
  if (records == 0 || records >= linkage::no_number / 2)
    return fail(ErrorCode::bad_option, "records must be from 1 to 2147483646");
  made.records_max = static_cast<std::uint32_t>(records);
  for (double const probability : {link, review})
    if (!(probability > 0 && probability < 1))
      return fail(ErrorCode::bad_option, "link and review must be above 0 and below 1");
  if (review > link) return fail(ErrorCode::bad_option, "review must not be above link");
  auto const bits = [](double p) { return static_cast<float>(std::log2(p / (1 - p))); };
  made.link_bits = bits(link);
  made.review_bits = bits(review);
  for (std::string const& one : rules) {
    auto rule = read_rule(one);
    if (!rule) return tl::unexpected<Failure>(rule.error());
    made.rules.push_back(std::move(*rule));
  }
  return made;
}

std::string PersonOptions::text() const {
  std::string made(first_line);
  made.append("\nlink ").append(number_text(link));
  made.append("\nreview ").append(number_text(review)).append("\n");
  for (std::string const& one : rules) made.append("rule ").append(one).append("\n");
  return made;
}

Result<PersonOptions, Failure> PersonOptions::read(std::string_view text) {
  PersonOptions made;
  bool good = text.starts_with(first_line);
  for (std::size_t begin = text.find('\n') + 1; good && begin < text.size();) {
    std::size_t const end = std::min(text.find('\n', begin), text.size());
    std::string_view const line = text.substr(begin, end - begin);
    if (line.starts_with("link "))
      good = read_number(line.substr(5), made.link);
    else if (line.starts_with("review "))
      good = read_number(line.substr(7), made.review);
    else if (line.starts_with("rule "))
      made.rules.emplace_back(line.substr(5));
    else
      good = false;
    begin = end + 1;
  }
  if (!good)
    return fail(ErrorCode::io, "the state is not one of identify, or one of another version");
  return made;
}

}  // namespace hl7flow::stages
