// Reads the page that is wanted next while this one is being worked on.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <utility>

namespace metakocka::api {

// One reading at a time, in a thread of its own that ends with it. One thread uses it.
template <class Request, class Page>
class ReadAhead {
  public:
    ReadAhead() = default;
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;
    // Waits for the thread: cancel what `read` waits for first.
    ~ReadAhead() = default;

    // `read` may use only what nobody else uses until `settle` or `take`.
    void start(Request request, std::function<Page()> read) {
        settle();
        page_ = std::async(std::launch::async, std::move(read));
        request_ = std::move(request);
    }

    // True while a reading may still go on.
    bool reading() const {
        return page_.valid() && page_.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
    }

    // Waits until nothing is being read. What was read stays for `take`.
    void settle() const {
        if (page_.valid()) page_.wait();
    }

    // The page of `request` if that is what was read ahead; throws what the reading threw. Anything else that
    // was read is forgotten.
    std::optional<Page> take(const Request& request) {
        if (!page_.valid()) return std::nullopt;
        settle();
        std::future<Page> page = std::exchange(page_, {});
        if (!(request_ == request)) return std::nullopt;
        return page.get();
    }

  private:
    Request request_{};
    std::future<Page> page_;
};

}  // namespace metakocka::api
