#include <windows.h>

#include <malloc.h>
#include <psapi.h>
#include <tlhelp32.h>

#include <algorithm>
#include <clocale>
#include <cwchar>
#include <filesystem>

#include "process_state.hpp"
#include "windows_text.hpp"

namespace crm::validator {

std::size_t thread_count() {
    const HANDLE all = ::CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry{};
    entry.dwSize = sizeof entry;
    std::size_t count = 0;
    for (BOOL more = ::Thread32First(all, &entry); more != 0; more = ::Thread32Next(all, &entry)) {
        if (entry.th32OwnerProcessID == ::GetCurrentProcessId()) ++count;
    }
    ::CloseHandle(all);
    return count;
}

// A process keeps the number of the one that started it, even when that has ended.
void adopt_orphans() {}

std::size_t child_processes() {
    const HANDLE all = ::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32W entry{};
    entry.dwSize = sizeof entry;
    std::size_t count = 0;
    for (BOOL more = ::Process32FirstW(all, &entry); more != 0; more = ::Process32NextW(all, &entry)) {
        if (entry.th32ParentProcessID == ::GetCurrentProcessId()) ++count;
    }
    ::CloseHandle(all);
    return count;
}

std::size_t open_descriptors() {
    DWORD count = 0;
    ::GetProcessHandleCount(::GetCurrentProcess(), &count);
    return count;
}

// No call of Windows that programs may rely on lists them.
std::vector<std::string> files_open_for_writing() {
    return {};
}

std::size_t resident_bytes() {
    PROCESS_MEMORY_COUNTERS counters{};
    ::GetProcessMemoryInfo(::GetCurrentProcess(), &counters, sizeof counters);
    return counters.WorkingSetSize;
}

// Of the process' own heaps. A module's C library uses one of them.
std::size_t allocated_bytes() {
    std::vector<HANDLE> heaps(64);
    heaps.resize(std::min<std::size_t>(::GetProcessHeaps(64, heaps.data()), 64));
    std::size_t bytes = 0;
    for (const HANDLE heap : heaps) {
        PROCESS_HEAP_ENTRY entry{};
        ::HeapLock(heap);
        while (::HeapWalk(heap, &entry) != 0) {
            if ((entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0) bytes += entry.cbData;
        }
        ::HeapUnlock(heap);
    }
    return bytes;
}

std::uint64_t written_output() {
    std::fflush(nullptr);
    LARGE_INTEGER size{};
    ::GetFileSizeEx(::GetStdHandle(STD_OUTPUT_HANDLE), &size);
    return static_cast<std::uint64_t>(size.QuadPart);
}

std::string unusable_folder() {
    return "NUL";
}

std::string working_directory() {
    return std::filesystem::current_path().string();
}

std::vector<std::string> environment() {
    std::vector<std::string> all;
    wchar_t* const variables = ::GetEnvironmentStringsW();
    for (const wchar_t* item = variables; item != nullptr && *item != L'\0'; item += std::wcslen(item) + 1) {
        all.push_back(detail::utf8_of(item));
    }
    ::FreeEnvironmentStringsW(variables);
    std::sort(all.begin(), all.end());
    return all;
}

// The one handler that a Windows process has for everything that nobody caught.
std::vector<std::string> signal_handlers() {
    const auto handler = ::SetUnhandledExceptionFilter(nullptr);
    ::SetUnhandledExceptionFilter(handler);
    return {"unhandled exceptions -> " + std::to_string(reinterpret_cast<std::uintptr_t>(handler))};
}

unsigned file_mask() {
    return 0;  // files get their folder's access list
}

std::string locale_name() {
    const char* const name = std::setlocale(LC_ALL, nullptr);
    return name == nullptr ? "" : name;
}

}  // namespace crm::validator
