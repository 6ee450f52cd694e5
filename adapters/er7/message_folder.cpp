#include <hl7flow/adapters/er7/message_folder.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <hl7flow/pipeline/part_file.h>

namespace hl7flow::adapters {
namespace {

namespace fs = std::filesystem;

int write_file(const std::string& path, std::string_view bytes) {
  int const descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno;
  int error = 0;
  while (!bytes.empty() && error == 0) {
    ssize_t const count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) error = errno;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::close(descriptor) != 0 && error == 0) error = errno;
  return error;
}

/// One sync for all files: a sync a file would take a millisecond a message.
int sync_file_system(const std::string& folder) {
  int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  int const error = ::syncfs(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

}  // namespace

Result<std::unique_ptr<MessageFolder>, Failure> MessageFolder::create(const std::string& parent,
                                                                      const std::string& name) {
  std::string const hidden = parent + '/' + hidden_name(name);
  std::error_code error;
  fs::remove_all(hidden, error);
  if (!error) fs::create_directories(hidden, error);
  if (error)
    return fail(ErrorCode::cannot_create, "cannot create " + hidden + ": " + error.message());
  return std::unique_ptr<MessageFolder>(new MessageFolder(parent, name, hidden));
}

MessageFolder::MessageFolder(std::string parent, const std::string& name, std::string hidden)
    : parent_(std::move(parent)), place_(parent_ + '/' + name), hidden_(std::move(hidden)) {}

MessageFolder::~MessageFolder() {
  std::error_code ignored;
  if (!finished_) fs::remove_all(hidden_, ignored);
}

void MessageFolder::add(std::string_view name, std::string_view bytes) {
  if (error_.load(std::memory_order_relaxed) != 0) return;
  std::string path = hidden_ + '/';
  path += name;
  if (int const error = write_file(path, bytes); error != 0)
    error_.store(error, std::memory_order_relaxed);
  files_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(bytes.size(), std::memory_order_relaxed);
}

Status MessageFolder::finish() {
  int error = error_.load(std::memory_order_relaxed);
  if (error == 0) error = sync_file_system(hidden_);
  if (error == 0 && ::rename(hidden_.c_str(), place_.c_str()) != 0) error = errno;
  if (error == 0) finished_ = true;
  if (error == 0) error = sync_folder(parent_);
  if (error != 0)
    return fail(ErrorCode::io, "cannot write " + place_ + ": " + std::strerror(error));
  return {};
}

}  // namespace hl7flow::adapters
