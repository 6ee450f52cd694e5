#include <hl7flow/stages/flag_repeats/test_windows.h>

#include <vector>

namespace hl7flow::stages {

namespace {

Result<std::int64_t, Failure> read_window(const std::string& text) {
  auto const seconds = read_duration(text);
  if (seconds && *seconds == 0) return fail(ErrorCode::bad_option, "window must not be empty");
  return seconds;
}

}  // namespace

Result<TestWindows, Failure> TestWindows::make(const std::string& window,
                                               const ConfigNode& windows) {
  TestWindows made;
  auto const all = read_window(window);
  if (!all) return tl::unexpected<Failure>(all.error());
  made.all_ = *all;
  if (windows.kind == ConfigNode::Kind::empty) return made;
  if (windows.kind != ConfigNode::Kind::list) return config_failure(windows, "windows are a list");
  for (ConfigNode const& node : windows.items) {
    std::string text;
    std::vector<std::string> codes;
    if (node.kind != ConfigNode::Kind::map)
      return config_failure(node, "a window is a map such as { codes: [2345-7], window: 4h }");
    for (auto const& [key, value] : node.entries) {
      Status const read = key == "codes" ? read_value(value, codes)
                          : key == "window"
                              ? read_value(value, text)
                              : config_failure(value, "unknown key \"" + key + "\" of a window" +
                                                          nearest_name(key, {"codes", "window"}));
      if (!read) return tl::unexpected<Failure>(read.error());
    }
    auto const seconds = read_window(text);
    if (!seconds) return config_failure(node, seconds.error().text);
    if (codes.empty()) return config_failure(node, "a window needs codes");
    for (std::string const& code : codes) made.by_code_[code] = *seconds;
  }
  return made;
}

std::int64_t TestWindows::of(std::string_view sent, std::string_view standard) const {
  for (std::string_view const code : {sent, standard})
    if (auto const found = by_code_.find(code); found != by_code_.end()) return found->second;
  return all_;
}

}  // namespace hl7flow::stages
