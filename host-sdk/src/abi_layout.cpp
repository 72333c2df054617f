// The recorded layout of the boundary as assertions, so that a host or a test with a changed one does not
// even compile. tests/abi/check also sees what was added; tests/abi/record writes the list.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "crm/abi.h"

#define CRM_LAYOUT_TEXT_OF(...) #__VA_ARGS__
#define CRM_LAYOUT_EXPANSION_OF(...) CRM_LAYOUT_TEXT_OF(__VA_ARGS__)

#define CRM_LAYOUT_CONSTANT(name, value) static_assert((name) == (value), #name " has changed");
#define CRM_LAYOUT_TEXT(name, value) \
    static_assert(std::string_view(name) == std::string_view(value), #name " has changed");
#define CRM_LAYOUT_MACRO(name, ...) \
    static_assert(std::string_view(CRM_LAYOUT_EXPANSION_OF(name)) == (#__VA_ARGS__), #name " has changed");
#define CRM_LAYOUT_TYPE(name, ...) static_assert(std::is_same_v<name, __VA_ARGS__>, #name " has changed");
#define CRM_LAYOUT_OPAQUE(name) static_assert(std::is_class_v<name>, #name " is no opaque type any more");
#if UINTPTR_MAX == UINT64_MAX
#define CRM_LAYOUT_TABLE(name, size) static_assert(sizeof(name) == (size), #name " has another size");
#define CRM_LAYOUT_OFFSET(table, member, offset) \
    static_assert(offsetof(table, member) == (offset), #table "." #member " has moved");
#else
#define CRM_LAYOUT_TABLE(name, size)
#define CRM_LAYOUT_OFFSET(table, member, offset)
#endif
#define CRM_LAYOUT_MEMBER(table, member, offset, ...)                   \
    CRM_LAYOUT_OFFSET(table, member, offset)                            \
    static_assert(std::is_same_v<decltype(table::member), __VA_ARGS__>, \
                  #table "." #member " has another type");

#include "../abi-layout.def"
