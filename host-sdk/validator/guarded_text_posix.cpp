#include "guarded_text.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

namespace crm::validator {

GuardedText::GuardedText(std::string_view text) : size_(text.size()) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t usable = (size_ + page - 1) / page * page;
    mapped_ = usable + page;
    memory_ = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    char* const end = static_cast<char*>(memory_) + usable;
    if (::mprotect(end, page, PROT_NONE) != 0) throw std::bad_alloc();
    data_ = end - size_;
    if (size_ > 0) std::memcpy(data_, text.data(), size_);
}

GuardedText::~GuardedText() {
    ::munmap(memory_, mapped_);
}

}  // namespace crm::validator
