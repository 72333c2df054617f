// Whether bytes are a whole Windows DLL for this machine, and what it tells the system's loader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace crm::detail {

// The machine this very program was built for, as PE files number it.
#if defined(__x86_64__) || defined(_M_X64)
inline constexpr std::uint16_t kPeMachine = 0x8664;
#elif defined(__aarch64__) || defined(_M_ARM64)
inline constexpr std::uint16_t kPeMachine = 0xAA64;
#elif defined(__i386__) || defined(_M_IX86)
inline constexpr std::uint16_t kPeMachine = 0x014C;
#else
inline constexpr std::uint16_t kPeMachine = 0;  // no Windows here
#endif

struct PeFacts {
    struct Export {
        std::string name;  // empty when it has a number only
        bool function;     // code of this DLL
    };
    std::vector<Export> exports;
    bool delays_imports = false;   // binds some functions at their first call
    bool executable_data = false;  // without data execution prevention
    bool writable_code = false;
};

// Both throw crm::Error(CRM_INVALID). `file` is named in the message only.
PeFacts read_pe(const std::filesystem::path& file, std::span<const std::byte> bytes);
// read_pe, and that it exports a connector's entry and nothing else.
void check_pe(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace crm::detail
