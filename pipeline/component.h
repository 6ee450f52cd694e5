#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <hl7flow/pipeline/config.h>
#include <hl7flow/pipeline/stage.h>

// Self-description: what a file in stages/ or adapters/ exports, and all that the graph, the
// program and the generated pages know of it.
namespace hl7flow {

/// One option of a component, for people.
struct OptionHelp {
  std::string_view name, type, help;
};

/// A named member of a component's Options struct and how a configuration value gets there.
template <class Options>
struct Option {
  std::string_view name, type, help;
  Status (*set)(Options& options, const ConfigNode& value);
};

template <class T>
constexpr std::string_view type_name() {
  if constexpr (std::is_same_v<T, bool>)
    return "true or false";
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return "number or size";
  else if constexpr (std::is_arithmetic_v<T>)
    return "number";
  else if constexpr (std::is_same_v<T, std::vector<std::string>>)
    return "text or list";
  else if constexpr (std::is_same_v<T, ConfigNode>)
    return "section";
  else
    return "text";
}

template <auto member>
struct OptionFor;
/// OptionFor<&Options::path>{"path", "File to read."}
template <class Options, class T, T Options::*member>
struct OptionFor<member> : Option<Options> {
  constexpr OptionFor(std::string_view option_name, std::string_view option_help)
      : Option<Options>{option_name, type_name<T>(), option_help,
                        [](Options& options, const ConfigNode& value) {
                          return read_value(value, options.*member);
                        }} {}
};

/// Fills an Options from a map. Unknown keys and values of the wrong type are Failures that name
/// the place and the nearest known key. The key "type" names the component and is skipped.
template <class Options, std::size_t count>
Result<Options, Failure> read_options(const Option<Options> (&known)[count],
                                      const ConfigNode& settings) {
  Options options;
  for (auto const& [key, value] : settings.entries) {
    if (key == "type") continue;
    const Option<Options>* found = nullptr;
    std::vector<std::string> names;
    for (auto const& option : known) {
      names.emplace_back(option.name);
      if (option.name == key) found = &option;
    }
    if (found == nullptr)
      return config_failure(value, "unknown option \"" + key + '"' + nearest_name(key, names));
    if (auto done = found->set(options, value); !done)
      return fail(done.error().code, done.error().text + " (option \"" + key + "\")");
  }
  return options;
}

/// A source, stage or sink: a name, help, and how to make one.
struct Component {
  template <class Kind>
  using Make = Result<std::unique_ptr<Kind>, Failure> (*)(const ConfigNode&);

  std::string_view name, summary;
  std::variant<Make<Source>, Make<Stage>, Make<Sink>> make;
  void (*visit_options)(void (*visit)(const OptionHelp& option, void* context), void* context);

  std::string_view kind() const noexcept {
    constexpr std::string_view kinds[] = {"source", "stage", "sink"};
    return kinds[make.index()];
  }
};

/// The Component of class T. T has Options, options[] and a constructor from Options; a class whose
/// construction can fail has a static make(Options) that returns a Result instead.
template <class T>
constexpr Component component(std::string_view name, std::string_view summary) {
  using Kind = std::conditional_t<std::is_base_of_v<Source, T>, Source,
                                  std::conditional_t<std::is_base_of_v<Stage, T>, Stage, Sink>>;
  constexpr auto make = [](const ConfigNode& settings) -> Result<std::unique_ptr<Kind>, Failure> {
    auto options = read_options(T::options, settings);
    if (!options) return tl::unexpected<Failure>(options.error());
    if constexpr (requires { T::make(std::move(*options)); })
      return T::make(std::move(*options));
    else
      return std::unique_ptr<Kind>(std::make_unique<T>(std::move(*options)));
  };
  return {name, summary, Component::Make<Kind>{make},
          [](void (*visit)(const OptionHelp&, void*), void* context) {
            for (auto const& option : T::options)
              visit({option.name, option.type, option.help}, context);
          }};
}

namespace stages {
std::span<const Component* const> components();
}
namespace adapters {
std::span<const Component* const> components();
}

}  // namespace hl7flow
