// Whether bytes are a whole Windows DLL for this machine that exports a connector's entry and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

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

// Throws crm::Error(CRM_INVALID). `file` is named in the message only.
void check_pe(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace crm::detail
