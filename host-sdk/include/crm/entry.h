/* How a module shows its one symbol. CRM_CONNECTOR in crm/export.hpp does it for modules in C++; one in C
 * writes:
 *
 *     const crm_entry* crm_module_entry(void) { return &entry; }
 */
#ifndef CRM_ENTRY_H
#define CRM_ENTRY_H

#include "crm/abi.h"

#ifdef _WIN32
#define CRM_EXPORT __declspec(dllexport)
#else
#define CRM_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" CRM_EXPORT const crm_entry* crm_module_entry() noexcept;
#else
CRM_EXPORT const crm_entry* crm_module_entry(void);
#endif

#endif
