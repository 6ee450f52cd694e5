#include <hl7flow/pipeline/catalogue.h>

namespace hl7flow {
namespace {

template <class Kind>
Result<std::unique_ptr<Kind>, Failure> make(std::string_view kind, const std::string& name,
                                            const Settings& settings) {
  std::vector<std::string> names;
  for (const Component* component : all_components()) {
    if (component->kind() != kind) continue;
    names.emplace_back(component->name);
    if (component->name == name)
      return std::get<Component::Make<Kind>>(component->make)(settings.node());
  }
  return fail(ErrorCode::unknown_component,
              "there is no " + std::string(kind) + " \"" + name + '"' + nearest_name(name, names));
}

}  // namespace

std::vector<const Component*> all_components() {
  std::vector<const Component*> all;
  for (auto const table : {stages::components(), adapters::components()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

Result<std::unique_ptr<Source>, Failure> make_source(const std::string& name,
                                                     const Settings& settings) {
  return make<Source>("source", name, settings);
}
Result<std::unique_ptr<Stage>, Failure> make_stage(const std::string& name,
                                                   const Settings& settings) {
  return make<Stage>("stage", name, settings);
}
Result<std::unique_ptr<Sink>, Failure> make_sink(const std::string& name,
                                                 const Settings& settings) {
  return make<Sink>("sink", name, settings);
}

std::vector<OptionHelp> options_of(const Component& component) {
  std::vector<OptionHelp> options;
  component.visit_options(
      [](const OptionHelp& option, void* to) {
        static_cast<std::vector<OptionHelp>*>(to)->push_back(option);
      },
      &options);
  return options;
}

bool has_option(const Component& component, std::string_view name) {
  for (OptionHelp const& option : options_of(component))
    if (option.name == name) return true;
  return false;
}

Setting::Setting(std::string name, std::string text)
    : key(std::move(name)), value(ConfigNode::text(std::move(text))) {}

Setting::Setting(std::string name, const std::vector<std::string>& texts) : key(std::move(name)) {
  value.kind = ConfigNode::Kind::list;
  for (std::string const& text : texts) value.items.push_back(ConfigNode::text(text));
}

Settings::Settings(std::initializer_list<Setting> settings) : Settings() {
  for (Setting const& setting : settings) add(setting);
}

Settings& Settings::add(Setting setting) {
  node_.entries.emplace_back(std::move(setting.key), std::move(setting.value));
  return *this;
}

}  // namespace hl7flow
