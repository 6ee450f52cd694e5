#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <hl7flow/pipeline/record_log.h>
#include <hl7flow/pipeline/repeated_order.h>

namespace hl7flow::stages {

/// The newest events of orders, by person and test. What it says of an event is a function of the
/// events before it, as many as it keeps, so that a log of these is all its state. Not thread-safe
/// but for log().save().
class RecentOrders {
 public:
  using Log = RecordLog<OrderEvent>;
  /// So many events of one person and test are looked at, the newest first.
  static constexpr std::size_t looked_at_max = 256;

  /// Keeps the newest `count` events: about 140 bytes each.
  static Result<std::unique_ptr<RecentOrders>, Failure> open(std::unique_ptr<Log> log,
                                                             std::uint64_t count);

  /// Another order for the same test of the same person, not cancelled, whose time is at most so
  /// many seconds from the event's: the nearest. None if the event is of an order that is known.
  std::optional<OrderEvent> find_earlier(const OrderEvent& event,
                                         std::int64_t window_seconds) const;
  /// The event counts from now on; log().hold() is held.
  Status add(const OrderEvent& event);

  Log& log() noexcept { return *log_; }

 private:
  struct Kept {
    OrderEvent event;
    std::uint64_t before = none;  // number of the one before of the same test
  };
  struct Hash {
    std::size_t operator()(const linkage::RecordKey& key) const noexcept { return key.low; }
  };
  static constexpr std::uint64_t none = UINT64_MAX;

  RecentOrders(std::unique_ptr<Log> log, std::uint64_t count)
      : log_(std::move(log)), count_(count) {}
  void keep(const OrderEvent& event, std::uint64_t number);
  const Kept& kept(std::uint64_t number) const noexcept { return ring_[number % count_]; }

  std::unique_ptr<Log> const log_;
  std::uint64_t const count_;
  std::uint64_t first_ = 0;  // number of the oldest that is kept
  std::vector<Kept> ring_;   // by number modulo count_
  std::unordered_map<linkage::RecordKey, std::uint64_t, Hash> newest_;  // number, by test
};

}  // namespace hl7flow::stages
