// Text that ends exactly where readable memory ends: whoever reads one byte too far is stopped by SIGSEGV.
#pragma once

#include <cstddef>
#include <string_view>

namespace crm::validator {

class GuardedText {
  public:
    // Throws std::bad_alloc.
    explicit GuardedText(std::string_view text);
    ~GuardedText();
    GuardedText(const GuardedText&) = delete;
    GuardedText& operator=(const GuardedText&) = delete;

    char* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

  private:
    void* memory_;
    std::size_t mapped_;
    char* data_;
    std::size_t size_;
};

}  // namespace crm::validator
