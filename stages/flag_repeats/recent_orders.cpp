#include <hl7flow/stages/flag_repeats/recent_orders.h>

#include <algorithm>

namespace hl7flow::stages {

Result<std::unique_ptr<RecentOrders>, Failure> RecentOrders::open(std::unique_ptr<Log> log,
                                                                  std::uint64_t count) {
  std::unique_ptr<RecentOrders> recent(new RecentOrders(std::move(log), count));
  recent->first_ = recent->log_->first();
  for (std::uint64_t number = recent->first_; number < recent->log_->next(); ++number) {
    auto const event = recent->log_->at(number);
    if (!event) return tl::unexpected<Failure>(event.error());
    recent->keep(*event, number);
  }
  return recent;
}

void RecentOrders::keep(const OrderEvent& event, std::uint64_t number) {
  if (number - first_ == count_) {
    auto const oldest = newest_.find(kept(first_).event.test);
    if (oldest != newest_.end() && oldest->second == first_) newest_.erase(oldest);
    ++first_;
  }
  if (ring_.size() < count_ && number % count_ == ring_.size()) ring_.emplace_back();
  if (ring_.size() <= number % count_) ring_.resize(static_cast<std::size_t>(count_));
  auto const [newest, is_new] = newest_.try_emplace(event.test, number);
  Kept& place = ring_[number % count_];
  place.event = event;
  place.before = is_new ? none : newest->second;
  newest->second = number;
}

std::optional<OrderEvent> RecentOrders::find_earlier(const OrderEvent& event,
                                                     std::int64_t window_seconds) const {
  std::optional<OrderEvent> nearest;
  std::vector<const OrderEvent*> cancelled;
  auto const newest = newest_.find(event.test);
  if (newest == newest_.end()) return nearest;
  std::uint64_t number = newest->second;
  for (std::size_t looked = 0; looked < looked_at_max && number != none && number >= first_;
       ++looked) {
    Kept const& one = kept(number);
    number = one.before;
    OrderEvent const& other = one.event;
    if (other.is_of_order(event)) return std::nullopt;
    if (other.kind == OrderEvent::Kind::cancelled) {
      cancelled.push_back(&other);
      continue;
    }
    if (event.at == OrderEvent::no_time || other.at == OrderEvent::no_time) continue;
    bool const counts =
        std::none_of(cancelled.begin(), cancelled.end(),
                     [&](const OrderEvent* undone) { return undone->is_of_order(other); });
    std::int64_t const apart = std::abs(event.at - other.at);
    if (!counts || apart > window_seconds) continue;
    if (!nearest || apart < std::abs(event.at - nearest->at)) nearest = other;
  }
  return nearest;
}

Status RecentOrders::add(const OrderEvent& event) {
  keep(event, log_->next());
  return log_->append(event);
}

}  // namespace hl7flow::stages
