#include <windows.h>

#include <cstring>
#include <new>

#include "guarded_text.hpp"

namespace crm::validator {

GuardedText::GuardedText(std::string_view text) : size_(text.size()) {
    SYSTEM_INFO system{};
    ::GetSystemInfo(&system);
    const std::size_t page = system.dwPageSize;
    const std::size_t usable = (size_ + page - 1) / page * page;
    mapped_ = usable + page;
    memory_ = ::VirtualAlloc(nullptr, mapped_, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (memory_ == nullptr) throw std::bad_alloc();
    char* const end = static_cast<char*>(memory_) + usable;
    DWORD before = 0;
    if (::VirtualProtect(end, page, PAGE_NOACCESS, &before) == 0) throw std::bad_alloc();
    data_ = end - size_;
    if (size_ > 0) std::memcpy(data_, text.data(), size_);
}

GuardedText::~GuardedText() {
    ::VirtualFree(memory_, 0, MEM_RELEASE);
}

}  // namespace crm::validator
