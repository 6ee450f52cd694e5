#pragma once

#include <memory>
#include <string>
#include <vector>

#include <hl7flow/pipeline/component.h>

namespace hl7flow::cli {

/// All components of the build, stages first.
std::vector<const Component*> all_components();

/// A component by name and kind. Failures: unknown_component with the nearest name, or the
/// component's own.
Result<std::unique_ptr<Source>, Failure> make_source(const std::string& name,
                                                     const ConfigNode& settings);
Result<std::unique_ptr<Stage>, Failure> make_stage(const std::string& name,
                                                   const ConfigNode& settings);
Result<std::unique_ptr<Sink>, Failure> make_sink(const std::string& name,
                                                 const ConfigNode& settings);

/// All options of a component, in its own order.
std::vector<OptionHelp> options_of(const Component& component);
bool has_option(const Component& component, std::string_view name);

/// Settings from code: a map to which keys are added.
class Settings {
 public:
  Settings() { node_.kind = ConfigNode::Kind::map; }
  Settings& set(std::string key, std::string value);
  Settings& set(std::string key, std::uint64_t value) {
    return set(std::move(key), std::to_string(value));
  }
  Settings& set(std::string key, const std::vector<std::string>& values);
  Settings& set(std::string key, ConfigNode value);
  const ConfigNode& node() const noexcept { return node_; }

 private:
  ConfigNode node_;
};

}  // namespace hl7flow::cli
