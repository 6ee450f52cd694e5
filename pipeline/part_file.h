#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <hl7flow/parsers/error.h>
#include <hl7flow/pipeline/queue.h>

// Output files that appear whole or not at all: written beside their place under a hidden name by a
// thread of their own, synced, and renamed when the sink commits.
namespace hl7flow {

/// Writes for any number of part files, so that graph workers do not wait for the disk. Bounded: a
/// sink that is faster than the disk waits. Calls to its part files come from one thread at a time.
class WriterThread {
 public:
  WriterThread();
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

 private:
  friend class PartFile;
  struct Job;
  void submit(std::unique_ptr<Job> job);
  void run();

  HandoverQueue<Job*> jobs_;
  std::thread thread_;
};

/// One output file. finish() makes it visible; a part file that is destroyed unfinished is removed.
class PartFile {
 public:
  /// Creates the folder and the hidden file, named after `working_name`, which no other part file
  /// of the folder may have at the same time. Failures: cannot_create.
  static Result<std::unique_ptr<PartFile>, Failure> create(const std::string& folder,
                                                           const std::string& working_name,
                                                           WriterThread& writer);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  /// Appends bytes; they are written later. A failure to write shows at finish().
  void write(std::string_view bytes);
  /// How many bytes were appended.
  std::uint64_t size() const noexcept { return size_; }
  /// No more is appended: writing and syncing what is left begins. Of many files, seal all before
  /// the first is finished, so that the disk syncs them while others are still encoded.
  void seal();
  /// Seals it, waits until all is written and synced, names the file, and syncs the folder.
  Status finish(const std::string& name);

 private:
  friend class WriterThread;
  PartFile(int descriptor, std::string folder, std::string hidden, WriterThread& writer);
  void drain();

  int descriptor_;
  std::string const folder_, hidden_;
  WriterThread& writer_;
  std::string pending_;  // small writes are gathered
  std::uint64_t size_ = 0;
  std::atomic<std::uint32_t> outstanding_{0};  // jobs not done
  std::atomic<int> error_{0};                  // errno of the first failure
  bool sealed_ = false;
  bool finished_ = false;
};

/// Makes a rename in the folder durable; 0 or errno.
int sync_folder(const std::string& folder);

/// The name of an epoch's file: "part-00012.csv", or "part-00012" without an ending.
std::string part_name(std::uint64_t part, std::string_view ending);

/// The hidden name that a file has until it is finished: ".NAME.part".
std::string hidden_name(std::string_view name);

}  // namespace hl7flow
