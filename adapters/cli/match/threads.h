#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include <hl7flow/parsers/linkage/parallel_for.h>

namespace hl7flow::cli {

/// So many threads, or one for each core if it is 0.
inline std::size_t threads_of(std::size_t wanted) {
  return wanted != 0 ? wanted : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

/// Calls work(begin, end, piece) for pieces of [0, count) on so many threads, this one among them.
template <class Work>
void in_pieces(std::size_t count, std::size_t threads, Work&& work) {
  std::vector<std::thread> workers;
  for (std::size_t k = 1; k < threads; ++k)
    workers.emplace_back([&, k] { work(count * k / threads, count * (k + 1) / threads, k); });
  work(0, count / threads, 0);
  for (std::thread& worker : workers) worker.join();
}

/// Calls the work of any number on so many threads.
inline linkage::ParallelFor parallel_for(std::size_t threads) {
  return [threads](std::size_t count, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::size_t const workers = std::clamp<std::size_t>(count, 1, threads);
    in_pieces(workers, workers, [&](std::size_t, std::size_t, std::size_t) {
      for (std::size_t k; (k = next.fetch_add(1)) < count;) work(k);
    });
  };
}

}  // namespace hl7flow::cli
