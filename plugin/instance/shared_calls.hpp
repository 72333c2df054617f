// One call for all who ask for the same at the same time.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace metakocka {

// [any-thread]
template <class Value>
class SharedCalls {
  public:
    // What `call` answers. The first who asks for `key` makes the call, on its own thread; whoever comes
    // before it is over waits for it, `patience` at most: then nothing. `call` limits itself; what it throws
    // is thrown to all.
    std::optional<Value> ask(const std::string& key, std::chrono::milliseconds patience,
                             const std::function<Value()>& call) {
        std::promise<Value> promise;
        std::shared_future<Value> answer;
        bool mine = false;
        {
            const std::lock_guard lock(mutex_);
            auto [it, first] = under_way_.try_emplace(key);
            if (first) it->second = promise.get_future().share();
            answer = it->second;
            mine = first;
        }
        if (!mine) {
            if (answer.wait_for(patience) != std::future_status::ready) return std::nullopt;
            return answer.get();
        }
        try {
            promise.set_value(call());
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
        {
            const std::lock_guard lock(mutex_);
            under_way_.erase(key);
        }
        return answer.get();
    }

  private:
    std::mutex mutex_;
    std::map<std::string, std::shared_future<Value>> under_way_;
};

}  // namespace metakocka
