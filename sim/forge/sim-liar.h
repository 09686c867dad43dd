/* A security provider that lies: it stands for keys that its node does not own, and remembers what
 * others have said, to say it again.
 *
 * It is the honest provider in all else. A hostile program that uses the same library looks just so:
 * nothing in the core knows of it. */
#pragma once
#include "drt.h"

#include <stdbool.h>
#include <stdint.h>

#define SIM_LIAR_KEY_LEN 32 /* in the order of the API */

typedef struct SimLiar SimLiar;

/* @honest (transfer none), to outlive the liar. @own (may be NULL): the certificate behind the node's
 * own key @own_key; without it forged statements are left to the honest provider, which with the null
 * profile makes them as it makes all others. */
SimLiar *sim_liar_new(DRT_SECURITY_PROVIDER *honest, PCCERT_CONTEXT own,
                      const BYTE own_key[SIM_LIAR_KEY_LEN]);
/* NULL is ignored. */
void sim_liar_free(SimLiar *liar);
/* (transfer none) what DrtOpen is given. */
DRT_SECURITY_PROVIDER *sim_liar_provider(SimLiar *liar);

/* From now on it stands for @key. @victim: the certificate of who really owns it, if anybody does. */
void sim_liar_claim(SimLiar *liar, const BYTE key[SIM_LIAR_KEY_LEN], PCCERT_CONTEXT victim);
bool sim_liar_claims(const SimLiar *liar, const BYTE key[SIM_LIAR_KEY_LEN]);

/* Remembers what is said to it from now on. */
void sim_liar_listen(SimLiar *liar);
/* Statements heard so far that are still remembered, about keys and about their withdrawal. */
uint32_t sim_liar_heard(const SimLiar *liar, bool revokes);
/* Number @i of them: the key it is about, and the bytes (transfer none). */
DRT_DATA sim_liar_saying(const SimLiar *liar, bool revokes, uint32_t i,
                         BYTE ret_key[SIM_LIAR_KEY_LEN]);
/* Claims the key of statement @i by saying that again. */
void sim_liar_claim_again(SimLiar *liar, uint32_t i);
