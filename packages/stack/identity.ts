/** Who and where the stack claims to be. The account is the one that no real account has. */
export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";

/** Not secrets: they say only "this is meant for the local stack". */
export const ACCESS_KEY_ID = "assay-local-access-key";
export const SECRET_ACCESS_KEY = "assay-local-secret-key";

export const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
export const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

/** The name at the end of an ARN, or a bare name as it is. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
