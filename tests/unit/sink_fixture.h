#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <hl7flow/pipeline/component.h>

namespace hl7flow::test {

/// An empty folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hl7flow-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string path() const { return path_; }

 private:
  std::string path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

/// All files below a folder, hidden ones too: relative path to content.
inline std::map<std::string, std::string> read_all(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[std::filesystem::relative(entry.path(), folder).string()] =
          read_file(entry.path().string());
  return files;
}

using SettingList = std::vector<std::pair<std::string, std::string>>;

inline ConfigNode settings(const SettingList& values) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::map;
  for (auto const& [key, value] : values) node.entries.emplace_back(key, ConfigNode::text(value));
  return node;
}

/// A component of either room by kind and name.
template <class Kind>
Result<std::unique_ptr<Kind>, Failure> make(std::string_view name, const ConfigNode& values) {
  for (auto const& room : {stages::components(), adapters::components()})
    for (const Component* const component : room)
      if (component->name == name)
        if (auto* const make = std::get_if<Component::Make<Kind>>(&component->make))
          return (*make)(values);
  return fail(ErrorCode::unknown_component, std::string(name));
}
template <class Kind>
Result<std::unique_ptr<Kind>, Failure> make(std::string_view name, const SettingList& values) {
  return make<Kind>(name, settings(values));
}

/// A thread for each piece: what a sink shares by mistake shows.
class EagerExecutor final : public Executor {
 public:
  void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work) override {
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < count; ++k) threads.emplace_back([&work, k] { work(k); });
  }
};

}  // namespace hl7flow::test
