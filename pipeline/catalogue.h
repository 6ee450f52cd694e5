#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/pipeline/component.h>

// All sources, stages and sinks of the build, by name: what a program that uses the library and the
// hl7flow program itself build pipelines from. `hl7flow components` lists them. Belongs to the
// target hl7flow::all, for it names what the pipeline alone does not know.
namespace hl7flow {

/// One option of a component and its value, from code.
struct Setting {
  Setting(std::string name, std::string text);
  Setting(std::string name, const std::vector<std::string>& texts);
  // {"a", "b"} could be a string's two iterators.
  Setting(std::string name, std::initializer_list<const char*> texts)
      : Setting(std::move(name), std::vector<std::string>(texts.begin(), texts.end())) {}
  /// A number; or true and false, which configuration files spell so too.
  template <std::integral Value>
  Setting(std::string name, Value number) : Setting(std::move(name), text_of(number)) {}
  Setting(std::string name, ConfigNode node) : key(std::move(name)), value(std::move(node)) {}

  std::string key;
  ConfigNode value;

 private:
  static std::string text_of(bool choice) { return choice ? "true" : "false"; }
  static std::string text_of(std::integral auto number) { return std::to_string(number); }
};

/// The options of a component: from code, {{"path", "day.hl7"}, {"batch_size", "1MiB"}}, or from a
/// section of a configuration file.
class Settings {
 public:
  Settings() { node_.kind = ConfigNode::Kind::map; }
  Settings(std::initializer_list<Setting> settings);
  Settings(ConfigNode section) : node_(std::move(section)) {}

  template <class Value>
  Settings& set(std::string key, const Value& value) {
    return add(Setting(std::move(key), value));
  }
  const ConfigNode& node() const noexcept { return node_; }

 private:
  Settings& add(Setting setting);

  ConfigNode node_;
};

/// A component by name, ready for Pipeline. Failures: unknown_component with the nearest name; of
/// the component's own: bad_option or bad_config.
Result<std::unique_ptr<Source>, Failure> make_source(const std::string& name,
                                                     const Settings& settings = {});
Result<std::unique_ptr<Stage>, Failure> make_stage(const std::string& name,
                                                   const Settings& settings = {});
Result<std::unique_ptr<Sink>, Failure> make_sink(const std::string& name,
                                                 const Settings& settings = {});

/// All components of the build, stages first.
std::vector<const Component*> all_components();
/// All options of a component, in its own order.
std::vector<OptionHelp> options_of(const Component& component);
bool has_option(const Component& component, std::string_view name);

}  // namespace hl7flow
