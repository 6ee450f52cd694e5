#include <hl7flow/pipeline/part_file.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace hl7flow {
namespace {

constexpr std::size_t job_size = 1u << 20;
constexpr std::size_t jobs_max = 16;

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

struct WriterThread::Job {
  PartFile* file;
  std::string bytes;
  bool sync = false;
};

WriterThread::WriterThread() : jobs_(jobs_max), thread_([this] { run(); }) {}

WriterThread::~WriterThread() {
  jobs_.close();
  thread_.join();
}

void WriterThread::submit(std::unique_ptr<Job> job) {
  job->file->outstanding_.fetch_add(1, std::memory_order_acq_rel);
  jobs_.push(job.release());
}

void WriterThread::run() {
  Job* next = nullptr;
  while (jobs_.pop(next)) {
    std::unique_ptr<Job> const job(next);
    PartFile& file = *job->file;
    int error = file.error_.load(std::memory_order_acquire);
    if (error == 0) error = write_all(file.descriptor_, job->bytes);
    if (error == 0 && job->sync && ::fdatasync(file.descriptor_) != 0) error = errno;
    // The disk begins with what is written, so that the sync at the end has little left to do. Only
    // a hint: on a file system that does not take it, that sync does all.
    if (!job->sync) ::sync_file_range(file.descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);
    file.error_.store(error, std::memory_order_release);
    file.outstanding_.fetch_sub(1, std::memory_order_acq_rel);
    file.outstanding_.notify_all();
  }
}

int sync_folder(const std::string& folder) {
  int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  int const error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

std::string part_name(std::uint64_t part, std::string_view ending) {
  std::string number = std::to_string(part);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, '0');
  std::string name = "part-" + number;
  if (!ending.empty()) name += '.';
  return name.append(ending);
}

std::string hidden_name(std::string_view name) {
  std::string hidden(1, '.');
  hidden += name;
  hidden += ".part";
  return hidden;
}

Result<std::unique_ptr<PartFile>, Failure> PartFile::create(const std::string& folder,
                                                            const std::string& working_name,
                                                            WriterThread& writer) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(ErrorCode::cannot_create, "cannot create " + folder + ": " + error.message());
  std::string const path = folder + "/" + hidden_name(working_name);
  int const descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return fail(ErrorCode::cannot_create, "cannot create " + path + ": " + std::strerror(errno));
  return std::unique_ptr<PartFile>(new PartFile(descriptor, folder, path, writer));
}

PartFile::PartFile(int descriptor, std::string folder, std::string hidden, WriterThread& writer)
    : descriptor_(descriptor),
      folder_(std::move(folder)),
      hidden_(std::move(hidden)),
      writer_(writer) {}

PartFile::~PartFile() {
  drain();
  ::close(descriptor_);
  if (!finished_) ::unlink(hidden_.c_str());
}

void PartFile::write(std::string_view bytes) {
  size_ += bytes.size();
  pending_.append(bytes);
  if (pending_.size() < job_size) return;
  writer_.submit(std::make_unique<WriterThread::Job>(WriterThread::Job{this, std::move(pending_)}));
  pending_.clear();
}

void PartFile::drain() {
  for (std::uint32_t left; (left = outstanding_.load(std::memory_order_acquire)) != 0;)
    outstanding_.wait(left, std::memory_order_acquire);
}

void PartFile::seal() {
  if (sealed_) return;
  sealed_ = true;
  writer_.submit(
      std::make_unique<WriterThread::Job>(WriterThread::Job{this, std::move(pending_), true}));
  pending_.clear();
}

Status PartFile::finish(const std::string& name) {
  seal();
  drain();
  std::string const place = folder_ + "/" + name;
  int error = error_.load(std::memory_order_acquire);
  if (error == 0 && ::rename(hidden_.c_str(), place.c_str()) != 0) error = errno;
  if (error == 0) finished_ = true;
  if (error == 0) error = sync_folder(folder_);
  if (error != 0) return fail(ErrorCode::io, "cannot write " + place + ": " + std::strerror(error));
  return {};
}

}  // namespace hl7flow
