// hl7flow codes validate: codes judged by the rules of their system, and by a store.

#include <fmt/format.h>

#include <iostream>

#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/parsers/codes/check_digits.h>
#include <hl7flow/parsers/codes/code_form.h>
#include <hl7flow/parsers/codes/code_resolver.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow codes validate 2345-7 2345-8 --system LOINC", "check digits and existence"},
    {"hl7flow codes validate S72.001A --system ICD-10-CM --form-only", "only the form"},
    {"hl7flow codes validate 1234567893 --system NPI", "a provider's number"},
};

struct Request {
  std::vector<std::string> codes;
  std::string store = "starter", system;
  std::uint32_t day = 0;
  bool form_only = false;
};

/// "ok", or what is wrong.
std::string judge(const codes::Resolver& resolver, codes::SystemId system, const std::string& code,
                  const Request& request) {
  std::string_view const name = resolver.store().system_name(system);
  codes::Family const family = codes::family_of(name);
  if (request.form_only) {
    codes::CodeText normal;
    if (!codes::normal_form(family, code, normal)) return "bad_form";
    codes::Form const form = codes::check_form(family, normal.view());
    if (form != codes::Form::good)
      return form == codes::Form::bad_form ? "bad_form" : "bad_check_digit";
    return normal.view() == code ? "ok" : fmt::format("ok, as {}", normal.view());
  }
  codes::Answer const answer = resolver.resolve({code, name, request.day}, {});
  if (!answer.found()) return std::string(codes::name(answer.miss));
  if (answer.how == codes::How::successor)
    return fmt::format("retired, now {}", resolver.store().code(answer.target));
  codes::ConceptRecord const& record = resolver.store().concepts()[answer.target];
  if ((record.flags & codes::listed) != 0 && (record.flags & codes::selectable) == 0)
    return "a header: not for use";
  return answer.how == codes::How::alias
             ? fmt::format("ok, as {}", resolver.store().code(answer.target))
             : "ok";
}

Exit run(const Request& request) {
  if (request.system == "NPI") {
    Exit exit = Exit::ok;
    for_each_code(request.codes, [&](const std::string& code) {
      bool const good = codes::has_npi_check_digit(code);
      std::cout << code << "\t" << (good ? "ok" : "bad_check_digit") << "\n";
      if (!good) exit = Exit::no;
    });
    return exit;
  }
  auto const loaded = LoadedCodes::named(request.store);
  if (!loaded) return complain(loaded.error());
  auto const system = system_named((*loaded)->store(), request.system);
  if (!system) return complain(system.error());
  codes::Resolver const resolver((*loaded)->store());
  Exit exit = Exit::ok;
  for_each_code(request.codes, [&](const std::string& code) {
    std::string const verdict = judge(resolver, *system, code, request);
    std::cout << code << "\t" << verdict << "\n";
    if (!verdict.starts_with("ok")) exit = Exit::no;
  });
  return exit;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("code", request->codes, "Codes; none: a line of standard input each");
  command.add_option("--system", request->system, "Code system: LOINC, ICD-10-CM, NDC, NPI, …")
      ->required();
  add_store_option(command, request->store);
  command.add_option("--date", request->day, "Day on which the code was used, as 20261031");
  command.add_flag("--form-only", request->form_only,
                   "Judge form and check digit, not whether the store has the code");
  return [request] { return run(*request); };
}

}  // namespace

const Verb codes_validate_verb{"validate", "Judge codes: form, check digit, existence, status",
                               examples, setup};

}  // namespace hl7flow::cli
