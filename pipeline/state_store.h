#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <hl7flow/parsers/error.h>

namespace hl7flow {

/// Keys and values in a folder that outlive a run: RocksDB. What was put is durable after sync();
/// of what was put since, a store that is opened after a crash may hold any part, so that its user
/// must tell by the mark what counts. Thread-safe. Memory is bounded: 16 MiB of what is not on
/// disk, and a cache of 16 MiB. Its user may keep files of its own in the subfolder `records`,
/// which the store's lock guards, and which goes with the store.
class StateStore {
 public:
  /// Opens the folder, or makes it. Failures: cannot_create, io; exists if another process has it
  /// open; usage if the folder holds no store but other files.
  static Result<std::unique_ptr<StateStore>, Failure> open(const std::string& folder);
  /// Whether the folder holds one.
  static bool is_in(const std::string& folder);
  /// Removes a store and its folder; no failure if there is none, and nothing is done.
  static Status remove(const std::string& folder);

  virtual ~StateStore() = default;
  virtual const std::string& folder() const = 0;
  virtual Status put(std::string_view key, std::string_view value) = 0;
  virtual Status erase(std::string_view key) = 0;
  /// Keys in [begin, end), in the order of bytes.
  virtual Status erase_range(std::string_view begin, std::string_view end) = 0;
  virtual Result<std::optional<std::string>, Failure> get(std::string_view key) const = 0;
  /// Calls visit(key, value) in the order of keys, from `begin` up to but not `end`, until it
  /// returns false.
  virtual Status for_each(
      std::string_view begin, std::string_view end,
      const std::function<bool(std::string_view, std::string_view)>& visit) const = 0;
  /// Makes all that was put durable, and `mark` with it: the mark of an earlier sync() is only
  /// replaced when everything before is on disk.
  virtual Status sync(std::string_view mark) = 0;
  /// What the last sync() was given; empty for a new store.
  virtual std::string mark() const = 0;
};

/// A key that sorts by a kind and a number.
std::string numbered_key(char kind, std::uint64_t number);
std::uint64_t number_in(std::string_view numbered_key);

}  // namespace hl7flow
